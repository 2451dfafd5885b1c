const own = JSON.parse(byId('of').textContent);
const trail = own.trail.steps, chosenBy = Object.fromEntries(own.choices.map(text => text.split('=')));
const address = (choices, hypothesis = own.hypothesis) => `?agent=${encodeURIComponent(own.agent)}&hypothesis=${encodeURIComponent(hypothesis)}${choices.map(c => `&choose=${encodeURIComponent(c)}`).join('')}`;
const enabledOf = step => step.pending.filter(p => !p.waitsFor);
const at = time => seconds(time * 1000);
let here = 0;

// What comes after a step that goes another way is not known: choices up to there stay.
const branch = (step, number) => {
  const before = own.choices.filter(text => Number(text.split('=')[0]) < step.step);
  location.href = address(number === step.captured ? before : [...before, `${step.step}=${number}`]) + `#step=${step.step}`;
};

const stepHeight = 28;
const rowOf = i => {
  const step = trail[i];
  const enabled = enabledOf(step).length, other = step.chosen !== step.captured;
  return el('div', { role: 'option', id: `step${step.step}`, 'data-step': i, 'aria-selected': i === here, 'aria-posinset': i + 1, 'aria-setsize': trail.length, class: enabled === 1 ? 'forced' : null },
    el('span', { class: 'time' }, step.step), el('span', { class: 'time' }, at(step.seconds)),
    el('span', { class: other ? 'other' : null, title: step.pending[step.chosen - 1].label }, step.pending[step.chosen - 1].label),
    el('span', { class: 'time' }, enabled > 1 ? `${other ? '≠ captured, ' : ''}${step.chosen} of ${enabled}` : ''));
};

const pendingRow = (step, call, i) => {
  const may = !call.waitsFor, chosen = i + 1 === step.chosen;
  return el('tr', { class: chosen ? 'chosen' : null },
    el('th', { scope: 'row', class: 'time' }, may ? i + 1 : '–'), el('td', {}, call.label), el('td', { class: 'time' }, call.due === undefined ? 'never' : at(call.due)),
    el('td', {}, chosen ? 'is next' : may ? el('button', { type: 'button', class: 'branch', onclick: () => branch(step, i + 1) }, 'choose it instead ', i < 9 ? el('kbd', {}, i + 1) : null) : `waits for ${call.waitsFor}`));
};

const hereOf = step => [
  el('h3', {}, `Step ${step.step} of ${trail.length}, at ${at(step.seconds)}`),
  step.chosen !== step.captured ? el('p', {}, `In the captured order ${step.pending[step.captured - 1].label} is next.`) : null,
  el('table', {}, el('thead', {}, el('tr', {}, ['', 'in flight', 'due at', ''].map(name => el('th', { scope: 'col' }, name)))), el('tbody', {}, step.pending.map((call, i) => pendingRow(step, call, i)))),
  step.waits.length ? [el('h4', {}, 'What the agent waits for'), step.waits.map(chain => el('p', { class: 'hint' }, chain))] : null,
];

const space = el('div', { class: 'rows' });
const list = el('div', { class: 'list', role: 'listbox', tabindex: 0, 'aria-label': 'Steps' }, space);
list.style.height = `${Math.min(trail.length, 15) * stepHeight + 2}px`;
const rows = new Rows(list, space, stepHeight, rowOf);
rows.set(trail.length);
const panel = el('div', { class: 'here', role: 'region', 'aria-label': 'The chosen step', 'aria-live': 'polite' });
const go = i => {
  if (trail.length === 0) return;
  here = Math.min(Math.max(i, 0), trail.length - 1);
  rows.reveal(here);
  rows.draw(true);
  list.setAttribute('aria-activedescendant', `step${trail[here].step}`);
  fill(panel, hereOf(trail[here]));
};
const decision = by => { for (let i = here + by; i >= 0 && i < trail.length; i += by) if (enabledOf(trail[i]).length > 1) return go(i); };

list.addEventListener('scroll', () => rows.draw());
list.addEventListener('click', e => { const row = e.target.closest('[data-step]'); if (row) go(Number(row.dataset.step)); });
list.addEventListener('keydown', e => {
  const act = { ArrowDown: () => go(here + 1), ArrowUp: () => go(here - 1), Home: () => go(0), End: () => go(trail.length - 1), PageDown: () => go(here + 10), PageUp: () => go(here - 10) }[e.key];
  if (act) { e.preventDefault(); act(); }
});
document.addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.matches('input, select')) return;
  const step = trail[here], number = Number(e.key);
  if (e.key === 'n') go(here + 1);
  else if (e.key === 'p') go(here - 1);
  else if (e.key === 'N') decision(1);
  else if (e.key === 'P') decision(-1);
  else if (step && number > 0 && number <= enabledOf(step).length && number !== step.chosen) branch(step, number);
});

const hypothesisField = el('select', { id: 'under', 'aria-label': 'Hypothesis', onchange: () => { location.search = address([], hypothesisField.value); } },
  own.hypotheses.map(name => el('option', { value: name, selected: name === own.hypothesis }, name)));
const said = el('span', { role: 'status', id: 'said' });
const outcome = own.fails === undefined ? own.sentence : own.fails ? 'This schedule fails.' : 'This schedule does not fail.';

fill(byId('way'), el('a', { href: '/' }, '← incidents'), el('a', { href: `/incidents/${encodeURIComponent(own.incident)}` }, own.incident));
fill(byId('ui'),
  el('h2', {}, `${own.agent}, step by step`),
  el('div', { class: 'start' }, hypothesisField, badge(own.verdict), el('b', { id: 'outcome' }, outcome), own.choices.length ? el('a', { href: address([]) }, 'the captured order') : el('span', { class: 'hint' }, 'in the captured order'),
    el('span', { class: 'hint' }, 'keys: n p next and previous step, N P decision, 1–9 choose')),
  trail.length ? el('div', { class: 'walk' }, list, panel) : null,
  el('p', {}, `At ${at(own.trail.seconds)}: ${own.trail.end}.`),
  commandOf(own.command, text => { said.textContent = text; }), said);
rows.draw(true);
const named = trail.findIndex(step => `#step=${step.step}` === location.hash);
const first = trail.findIndex(step => step.chosen !== step.captured);
go(named >= 0 ? named : Math.max(first, 0));
