/**
 * The page's style sheet. The program escapes the text of every element, but browsers do not unescape a style sheet. So the style sheet
 * contains no characters that would be escaped (quotes, `<`, `>`, `&`). The colours are those of the diagram (topology/svg.ts).
 */
export const style = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1d2733; --faint: #5a6675; --edge: #c3ccd5; --alert: #a8380d; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #14191f; --ink: #e4e9ee; --faint: #a0acb8; --edge: #455260; --alert: #ff9d6b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 66rem; background: var(--paper); color: var(--ink); font: 0.95rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
p { margin: 0.5rem 0; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; }
.note { color: var(--faint); }
.alert { color: var(--alert); }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem 0.3rem 0; border-bottom: 1px solid var(--edge); }
th { color: var(--faint); font-weight: normal; overflow-wrap: normal; }
/* A column of names is as wide as the longest one. */
td:first-child code { overflow-wrap: normal; }
.fields { margin-left: 1rem; }
.number { text-align: right; padding-left: 0.6rem; }
td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
ul { padding-left: 1.2rem; color: var(--faint); }
svg { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
@media screen and (max-width: 48rem) {
  .wide { display: none; }
  .narrow { display: block; }
  .many thead { display: none; }
  .many, .many tbody, .many tr { display: block; }
  .many tr { border-bottom: 1px solid var(--edge); padding: 0.4rem 0; }
  .many td, .many td.number { display: grid; grid-template-columns: 7rem 1fr; border: 0; padding: 0.1rem 0; text-align: left; white-space: normal; }
  .many td:first-child { display: block; }
  .many td::before { content: attr(data-label); color: var(--faint); }
  .many td:first-child::before { content: none; }
}
@media print {
  @page { margin: 15mm; }
  body { padding: 0; max-width: none; font-size: 9pt; }
  h2 { break-after: avoid; }
  tr, svg { break-inside: avoid; }
}
`;
