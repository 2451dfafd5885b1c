const own = JSON.parse(byId('of').textContent);
const choice = (id, label, options) => el('select', { id, 'aria-label': label }, options.map(([value, text]) => el('option', { value }, text)));
const agentField = choice('agent', 'Agent', own.agents.map(agent => [agent.name, `${agent.name} (expected ${agent.expected})`]));
const hypothesisField = choice('under', 'Hypothesis', [['', 'every hypothesis'], ...own.hypotheses.map(name => [name, name])]);
const schedulesField = choice('schedules', 'Schedules', [['all', 'all orders'], ['captured', 'the captured order'], ['1000', '1000 random orders'], ['races', 'races only']]);
const told = el('span', { role: 'status', id: 'told' });
const bar = el('progress', { 'aria-label': 'Progress', hidden: true, max: 1 });
const start = el('button', { type: 'button', id: 'start', onclick: () => replay() }, 'replay');
const stop = el('button', { type: 'button', id: 'stop', hidden: true }, 'stop');

const steps = () => { location.href = `/incidents/${encodeURIComponent(own.name)}/steps?agent=${encodeURIComponent(agentField.value)}&hypothesis=${encodeURIComponent(hypothesisField.value || own.hypotheses[0])}`; };

const ended = text => { start.disabled = false; stop.hidden = bar.hidden = true; told.textContent = text; };

const hear = event => {
  const said = JSON.parse(event.data);
  told.textContent = said.text;
  if (said.fraction !== undefined) bar.value = said.fraction; else bar.removeAttribute('value');
  if (said.verdict) location.reload();
  if (said.error) { event.target.close(); ended(said.error); }
};

const replay = async () => {
  start.disabled = true;
  told.textContent = 'begins';
  const answer = await fetch(`/incidents/${encodeURIComponent(own.name)}/replays`, {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ agent: agentField.value, hypothesis: hypothesisField.value, schedules: schedulesField.value }),
  });
  if (!answer.ok) return ended(await answer.text());
  const { id } = await answer.json();
  stop.hidden = bar.hidden = false;
  stop.onclick = () => fetch(`/replays/${id}/stop`, { method: 'POST' });
  const events = new EventSource(`/replays/${id}`);
  events.onmessage = hear;
  events.onerror = () => { events.close(); ended('the server does not answer any more'); };
};

fill(byId('way'), el('a', { href: '/' }, '← incidents'));
fill(byId('ui'),
  el('p', {}, badge(own.state.replaceAll(' ', '-'), own.state), ' ', own.why),
  el('div', { class: 'start' }, agentField, hypothesisField, schedulesField, start, stop, el('button', { type: 'button', id: 'steps', onclick: steps }, 'step by step'), bar, told),
  own.paths.length ? el('ul', { class: 'paths' }, own.paths.map(path => el('li', {}, el('a', { href: path.href }, path.title)))) : null);
