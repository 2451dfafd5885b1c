const data = JSON.parse(byId('data').textContent);
const runs = data.hypotheses.flatMap(h => h.verdicts.flatMap(v => v.panels));
for (const run of runs) run.attempts.forEach(markRaces);
const axis = new Axis();
const drawer = byId('details');
let panels = [], chosenPanel = null;

const choose = (panel, i, open, enter = false) => {
  chosenPanel = panel;
  const span = panel.spans[i];
  for (const each of panels) {
    each.chosen = each === panel ? i : -1;
    each.peer = span.key ?? null;
    const peer = each === panel ? i : span.key ? each.spans.findIndex(s => s.key === span.key) : -1;
    if (peer >= 0) each.reveal(peer); else each.draw(true);
  }
  if (!open && drawer.hidden) return;
  fill(drawer, details(span, panel, panels, data, { jump: (to, place) => choose(to, place, true), close }));
  drawer.hidden = false;
  drawer.scrollTop = 0;
  document.body.classList.add('with-details');
  if (enter) drawer.focus();
};

const close = () => {
  drawer.hidden = true;
  document.body.classList.remove('with-details');
  chosenPanel?.view.focus();
};

const toCaptured = i => { choose(panels[0], i, true); panels[0].element.scrollIntoView({ block: 'nearest' }); };

const search = el('input', { type: 'search', id: 'search', placeholder: 'Find in spans  (/)', 'aria-label': 'Find in spans' });
const only = el('input', { type: 'checkbox', id: 'only' });
const attempts = Math.max(...[data.captured, ...runs].map(p => p.attempts.length), 0);
const attempt = el('select', { 'aria-label': 'Attempt' }, Array.from({ length: attempts }, (_, i) => el('option', { value: i }, `attempt ${i + 1} of ${attempts}`)));
const host = el('div', { id: 'panels' });

const textOf = span => span.text ??= [span.name, span.error, span.tool?.arguments, span.tool?.result, ...(span.fields ?? []).flatMap(f => [f.name, f.value]), ...(span.races ?? []).map(toldOf),
  ...[...(span.model?.input ?? []), ...(span.model?.output ?? [])].flatMap(place => data.messages[place].parts.map(p => `${p.name ?? ''} ${p.text}`))].join('\n').toLowerCase();

const filter = () => {
  const wanted = search.value.trim().toLowerCase();
  for (const panel of panels) panel.refresh(span => (!only.checked || span.kind !== 'other' || span.mark || span.races) && (!wanted || textOf(span).includes(wanted)));
};

// One axis for all runs that are shown.
const fit = () => {
  let [min, max] = [Infinity, -Infinity];
  for (const panel of panels) for (const span of panel.spans) { min = Math.min(min, span.start); max = Math.max(max, span.end); }
  if (min < max || min === max) axis.set(min, max);
};

const show = hypothesis => {
  axis.shown = [];
  panels = [data.captured, ...(hypothesis?.verdicts ?? []).flatMap(v => v.panels)].filter(p => p.attempts.length).map((panel, n) => Object.assign(new Waterfall(panel, axis, choose), { key: `run${n}` }));
  host.replaceChildren(...panels.map(p => p.element));
  for (const panel of panels) panel.attempt(Number(attempt.value || 0));
  filter();
  fit();
};

const body = el('div', { id: 'hypothesis', role: 'tabpanel' });
const tabs = data.hypotheses.map((hypothesis, n) => el('button', { type: 'button', role: 'tab', onclick: () => pick(n), onkeydown: e => {
  const to = { ArrowRight: n + 1, ArrowLeft: n - 1 }[e.key];
  if (tabs[to]) { pick(to); tabs[to].focus(); }
} }, hypothesis.name));

const pick = n => {
  tabs.forEach((tab, i) => { tab.setAttribute('aria-selected', i === n); tab.tabIndex = i === n ? 0 : -1; });
  if (data.hypotheses[n]) fill(body, hypothesisOf(data.hypotheses[n], data.agents));
  close();
  show(data.hypotheses[n]);
};

const zoom = (by, panel = chosenPanel) => { const span = panel?.spans[panel.chosen]; axis.scale(by, span ? (span.start + span.end) / 2 : undefined); };
const around = (from, to) => { const margin = Math.max((to - from) * 0.1, 0.01); axis.zoom(from - margin, to + margin); };
const keys = {
  '/': () => search.focus(), '+': () => zoom(0.5), '-': () => zoom(2), 0: () => axis.zoom(axis.min, axis.max), '[': () => axis.pan(-0.25), ']': () => axis.pan(0.25),
  z: () => { const span = chosenPanel?.spans[chosenPanel.chosen]; if (span) around(span.start, span.end); },
  f: () => { const panel = chosenPanel ?? panels[0]; if (panel) around(...panel.sight()); },
  c: () => { if (panels[0]?.run.cause !== undefined) toCaptured(panels[0].run.cause); },
  r: () => {
    const all = panels.flatMap(panel => panel.spans.map((span, i) => [panel, i]).filter(([, i]) => panel.spans[i].races));
    const now = all.findIndex(([panel, i]) => panel === chosenPanel && i === panel.chosen);
    if (all.length === 0) return;
    const [panel, i] = all[(now + 1) % all.length];
    choose(panel, i, true);
    panel.element.scrollIntoView({ block: 'nearest' });
  },
  Escape: close,
};
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || (e.target.matches('input, select') && e.key !== 'Escape') || !keys[e.key]) return;
  e.preventDefault();
  keys[e.key]();
});

fill(byId('head'), headOf(data, toCaptured));
if (data.agents.length) byId('verdicts').append(el('div', { class: 'cards' }, data.agents.map(cardOf)), el('div', { role: 'tablist', 'aria-label': 'Hypotheses' }, tabs), body);
byId('runs').append(
  el('div', { class: 'tools' }, el('h2', {}, 'Runs'), attempts > 1 ? attempt : null, search, el('label', {}, only, ' calls only'),
    [['c', 'cause'], ...(runs.some(run => run.attempts.some(a => a.races)) ? [['r', 'race']] : []), ['z', 'zoom to the chosen'], ['f', 'zoom to the rows in sight'], ['+', 'closer'], ['-', 'wider'], ['0', 'all']].map(([key, what]) => el('button', { type: 'button', onclick: keys[key] }, what, ' ', el('kbd', {}, key))),
    el('span', { class: 'hint' }, 'keys: ↑ ↓ choose, Enter open, ← → fold, [ ] move in time')), host);
search.addEventListener('input', filter);
only.addEventListener('change', filter);
attempt.addEventListener('change', () => { for (const panel of panels) panel.attempt(Number(attempt.value)); filter(); fit(); });
let unfolded = [];
addEventListener('beforeprint', () => {
  for (const panel of panels) panel.draw(true, true);
  unfolded = [...document.querySelectorAll('#verdicts details:not([open])')];
  for (const part of unfolded) part.open = true;
});
addEventListener('afterprint', () => {
  for (const panel of panels) panel.draw(true);
  for (const part of unfolded) part.open = false;
});
addEventListener('resize', () => { for (const panel of panels) panel.draw(true); });
pick(0);
