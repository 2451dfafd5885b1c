const own = JSON.parse(byId('of').textContent);
const choice = (id, label, options) => el('select', { id, 'aria-label': label }, options.map(([value, text]) => el('option', { value }, text)));
const agentField = choice('agent', 'Agent', own.agents.map(agent => [agent.name, `${agent.name} (expected ${agent.expected})`]));
const hypothesisField = choice('under', 'Hypothesis', [['', 'every hypothesis'], ...own.hypotheses.map(name => [name, name])]);
const schedulesField = choice('schedules', 'Schedules', [['all', 'all orders'], ['captured', 'the captured order'], ['1000', '1000 random orders'], ['races', 'races only']]);
// What changes several times a second is not spoken; how it ends is.
const told = el('span', { class: 'hint', id: 'told' }), said = el('span', { role: 'status', id: 'said' });
const bar = el('progress', { 'aria-label': 'Progress', hidden: true, max: 1 });
const start = el('button', { type: 'button', id: 'start', onclick: () => replay() }, 'replay');
const stop = el('button', { type: 'button', id: 'stop', hidden: true }, 'stop');

const steps = () => { location.href = `/incidents/${encodeURIComponent(own.name)}/steps?agent=${encodeURIComponent(agentField.value)}&hypothesis=${encodeURIComponent(hypothesisField.value || own.hypotheses[0])}`; };

const ended = text => { start.disabled = false; stop.hidden = bar.hidden = true; told.textContent = ''; said.textContent = text; };

const hear = event => {
  const now = JSON.parse(event.data);
  told.textContent = now.text;
  if (now.fraction !== undefined) bar.value = now.fraction; else bar.removeAttribute('value');
  if (now.verdict) { location.hash = 'replayed'; location.reload(); }
  if (now.error) { event.target.close(); ended(now.error); }
};

const follow = id => {
  start.disabled = true;
  stop.hidden = bar.hidden = false;
  stop.onclick = () => fetch(`/replays/${id}/stop`, { method: 'POST' });
  const events = new EventSource(`/replays/${id}`);
  events.onmessage = hear;
  events.onerror = () => { events.close(); ended('the server does not answer any more'); };
};

const replay = async () => {
  start.disabled = true;
  said.textContent = 'begins';
  const answer = await fetch(`/incidents/${encodeURIComponent(own.name)}/replays`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent: agentField.value, hypothesis: hypothesisField.value, schedules: schedulesField.value }),
  }).catch(() => null);
  if (!answer) return ended('the server does not answer any more');
  if (!answer.ok) return ended(await answer.text());
  follow((await answer.json()).id);
};

fill(byId('way'), el('a', { href: '/' }, '← incidents'));
fill(byId('ui'),
  el('p', {}, badge(own.state.replaceAll(' ', '-'), own.state), ' ', own.why),
  el('div', { class: 'start' }, agentField, hypothesisField, schedulesField, start, stop, el('button', { type: 'button', id: 'steps', onclick: steps }, 'step by step'), bar, told, said),
  own.paths.length ? el('ul', { class: 'paths' }, own.paths.map(path => el('li', {}, el('a', { href: path.href }, path.title)))) : null);
if (own.run) follow(own.run);
else if (location.hash === '#replayed') {
  history.replaceState(null, '', location.pathname);
  start.focus();
  said.textContent = `replayed: ${data.agents.map(agent => `${agent.label} ${agent.verdict}`).join(', ')}`;
}
