// Says that something is new, and changes nothing under the reader's hands: the page is made anew when he asks for it.
const wall = document.getElementById("wall");
const news = document.getElementById("news");
const EVERY = 15000;

async function look() {
  if (document.hidden || !news.hidden) return;
  try {
    const answer = await fetch(wall.dataset.from, { headers: { accept: "application/json" }, redirect: "error" });
    if (answer.ok) news.hidden = (await answer.json()).pulse === wall.dataset.pulse;
  } catch {
    // out of reach for a while: the next look will tell
  }
}
setInterval(look, EVERY);
