"""What scripts say, in the language the page carries."""

from playwright.sync_api import Page

SAID = """async ([words, fresh]) => {
  document.getElementById("script-words")?.remove();
  if (words) {
    const kept = document.createElement("div");
    kept.id = "script-words";
    kept.textContent = JSON.stringify(words);
    document.body.append(kept);
  }
  const { tr } = await import(`/static/parts/words.js?${fresh}`);
  return [tr`还差 ${2} 项，共 ${5} 项`, tr`下载回执`, tr`原样 {0} {7}`];
}"""


def test_a_sentence_without_a_catalogue_stays_as_it_is(page: Page) -> None:
    assert page.evaluate(SAID, [None, "none"]) == ["还差 2 项，共 5 项", "下载回执", "原样 {0} {7}"]


def test_a_sentence_is_said_in_the_language_of_the_page_whatever_its_order(page: Page) -> None:
    words = {"还差 {0} 项，共 {1} 项": "of {1}, {0} are missing", "下载回执": "Download receipt"}

    said = page.evaluate(SAID, [words, "english"])

    assert said == ["of 5, 2 are missing", "Download receipt", "原样 {0} {7}"]
