// How far dropped files have come, looked at again while one of them is being read. Without a
// script, loading the page again shows the same.
const jobs = document.querySelector("#jobs .jobs");
const within = (row) => [...row.querySelectorAll("h3, summary, button")];
const lookAtJobs = async () => {
  if (!jobs.querySelector("[data-busy]")) return;
  const told = await fetch("/ingest/jobs");
  if (!told.ok) return;
  const text = await told.text();
  const held = document.activeElement;
  if (held.matches(".jobs select")) return; // its choices may stand open
  const row = held.closest(".jobs .job");
  const at = row ? within(row).indexOf(held) : -1;
  const open = [...jobs.querySelectorAll("details[open]")].map((fold) => fold.id);
  jobs.innerHTML = text;
  // What a screen reader is told is how many are in which state, and only when that changes.
  const state = document.querySelector("#jobs [role=status]");
  const now = jobs.querySelector("[data-told]").dataset.told;
  if (state.textContent !== now) state.textContent = now;
  open.forEach((id) => {
    const fold = document.getElementById(id);
    if (fold) fold.open = true;
  });
  // A reader's focus stays on the file on which it was.
  const again = row && document.getElementById(row.id);
  if (again) (within(again)[at] || within(again)[0]).focus({ preventScroll: true });
};
if (jobs) setInterval(() => lookAtJobs().catch(() => {}), 1500);

const dropping = document.querySelector("form.dropping");
if (dropping) {
  const field = dropping.querySelector("input[type=file]");
  ["dragenter", "dragover"].forEach((on) => {
    field.addEventListener(on, () => field.classList.add("over"));
  });
  ["dragleave", "drop"].forEach((on) => {
    field.addEventListener(on, () => field.classList.remove("over"));
  });
}
