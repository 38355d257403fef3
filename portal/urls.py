"""Addresses of the pages that show many packages at once."""

from django.urls import path, register_converter

from portal.buyers import views as buyers
from portal.calendar.views import calendar, own_sitting, project_calendar, search_calendar
from portal.desk.views import desk
from portal.feeds import views as feeds
from portal.help.views import help_all, help_mine, help_role
from portal.holding.views import release_desk
from portal.home.views import home
from portal.house.views import as_json as rules_json
from portal.house.views import house_rules
from portal.judges import views as judges
from portal.log.views import log
from portal.notices.views import feed, notices
from portal.ocds import views as ocds
from portal.ocds.spelling import Day, Month
from portal.record.views import record, record_full
from portal.regions import views as regions
from portal.reimbursement.views import papers
from portal.scripts.views import scripts
from portal.statistics.trade_views import rows, rows_csv, trade, trade_csv
from portal.statistics.views import as_csv, as_json, statistics
from portal.verify.views import receipt, verify

register_converter(Day, "day")
register_converter(Month, "month")
app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("regions/", regions.rooms, name="regions"),
    path("regions/choose/", regions.choose, name="choose_region"),
    path("regions/<str:digits>/", regions.room, name="region"),
    path("notices/", notices, name="notices"),
    path("notices.json", feed, name="notices_feed"),
    path("notices.atom", feeds.atom, name="notices_atom"),
    path("notices.ics", search_calendar, name="notices_calendar"),
    path("robots.txt", feeds.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-pages.xml", feeds.sitemap_pages, name="sitemap_pages"),
    path("sitemap-notices-<int:n>.xml", feeds.sitemap_of, name="sitemap_of"),
    path("buyers/", buyers.buyers, name="buyers"),
    path("buyers/<str:code>/", buyers.buyer, name="buyer"),
    path("buyers/<str:code>.json", buyers.as_json, name="buyer_json"),
    path("judges/", judges.judges, name="judges"),
    path("judges/<slug:key>/", judges.judge, name="judge"),
    path("desk/", desk, name="desk"),
    path("calendar/<str:key>.ics", calendar, name="calendar"),
    path("projects/<str:number>/calendar.ics", project_calendar, name="project_calendar"),
    path("experts/invitations/<uuid:public_id>/calendar.ics", own_sitting, name="own_sitting"),
    path("holders/desk/", release_desk, name="release_desk"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/trade/", trade, name="trade"),
    path("statistics/trade/figures.csv", trade_csv, name="trade_csv"),
    path("statistics/trade/rows/<slug:kind>/", rows, name="trade_rows"),
    path("statistics/trade/rows/<slug:kind>.csv", rows_csv, name="trade_rows_csv"),
    path("statistics/<slug:key>/", statistics, name="statistics_of"),
    path("statistics/<slug:key>.json", as_json, name="statistics_json"),
    path("statistics/<slug:key>.csv", as_csv, name="statistics_csv"),
    path("help/", help_all, name="help"),
    path("help/mine/", help_mine, name="help_mine"),
    path("help/<slug:role>/", help_role, name="help_role"),
    path("rules/", house_rules, name="rules"),
    path("rules.json", rules_json, name="rules_json"),
    path("ocds/", ocds.about, name="open_data"),
    path("ocds/projects/<str:number>/releases.json", ocds.releases, name="ocds_releases"),
    path("ocds/projects/<str:number>/record.json", ocds.record, name="ocds_record"),
    path("ocds/days/<day:day>.json", ocds.day, name="ocds_day"),
    path("ocds/months/<month:month>.json", ocds.month, name="ocds_month"),
    path("ocds/days/<day:day>.jsonl.gz", ocds.day_file, name="ocds_day_file"),
    path("ocds/months/<month:month>.jsonl.gz", ocds.month_file, name="ocds_month_file"),
    path("verify/", verify, name="verify"),
    path("verify/scripts/", scripts, name="verify_scripts"),
    path("verify/receipt/", receipt, name="verify_receipt"),
    path("purchases/<str:number>/papers.pdf", papers, name="reimbursement"),
    path("projects/<str:number>/log/", log, name="log"),
    path("projects/<str:number>/record.zip", record, name="record"),
    path("projects/<str:number>/record-full.zip", record_full, name="record_full"),
]
