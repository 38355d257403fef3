"""Addresses of papers and evidence."""

from django.urls import path, re_path

from documents.evidence import views as evidence
from documents.issued import views as issued

app_name = "documents"
urlpatterns = [
    path("evidence/<uuid:public_id>/", evidence.evidence, name="evidence"),
    path("papers/certificate/", issued.certificate, name="certificate"),
    path("papers/<uuid:public_id>/", issued.paper, name="paper"),
    path("papers/<uuid:public_id>/file.pdf", issued.file, name="paper_file"),
    re_path(r"^papers/by-hash/(?P<sha256>[0-9a-f]{64})\.json$", issued.proof, name="paper_proof"),
]
