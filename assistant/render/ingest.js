// How far dropped files have come, looked at again while one of them is being read. Without a
// script, loading the page again shows the same.
const jobs = document.querySelector("#jobs .jobs");
const lookAtJobs = async () => {
  if (!jobs.querySelector("[data-busy]")) return;
  const told = await fetch("/ingest/jobs");
  if (!told.ok) return;
  const text = await told.text();
  if (jobs.contains(document.activeElement)) return; // a reader's focus is not taken away
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
};
if (jobs) setInterval(() => lookAtJobs().catch(() => {}), 1500);

const dropping = document.querySelector("form.dropping");
if (dropping) {
  const field = dropping.querySelector("input[type=file]");
  dropping.addEventListener("submit", () => {
    const told = dropping.querySelector(".sending");
    told.textContent = told.dataset.told;
    dropping.querySelector("button").disabled = true;
  });
  ["dragenter", "dragover"].forEach((on) => {
    field.addEventListener(on, () => field.classList.add("over"));
  });
  ["dragleave", "drop"].forEach((on) => {
    field.addEventListener(on, () => field.classList.remove("over"));
  });
}
