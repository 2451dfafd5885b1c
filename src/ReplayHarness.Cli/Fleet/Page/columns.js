const data = JSON.parse(byId('data').textContent);

const states = { unexpected: 'NOT as expected', error: 'ERROR', expected: 'as expected' };

const verdictRank = verdict => { const rank = data.verdicts.indexOf(verdict); return rank < 0 ? data.verdicts.length : rank; };

const under = (job, name) => job.hypotheses.find(h => h.name === name);

// The verdict first, then the part of the schedules in which the failure showed.
const rankOf = hypothesis => {
  const [failing, all] = (hypothesis.shows ?? '0/1').split('/').map(Number);
  return verdictRank(hypothesis.verdict) * 2 + failing / all;
};

const toldOf = hypothesis => [hypothesis.verdict, hypothesis.shows].filter(Boolean).join(' ');

const cellOf = hypothesis => hypothesis && el('span', { class: hypothesis.expected ? 'unexpected' : hypothesis.counts ? null : 'apart' },
  hypothesis.expected ? '≠ ' : null, hypothesis.counts ? toldOf(hypothesis) : `(${toldOf(hypothesis)})`, hypothesis.expected ? `, not ${hypothesis.expected}` : null);

const whyOf = job => data.texts[job.lines[0]];

// key: what is sorted by, nothing for what stands last; text: what the mouse is told; show: what the cell holds.
const columns = [
  { id: 'incident', title: 'incident', width: 'minmax(160px, 1.2fr)', least: 160, key: job => job.incident, show: job => job.incident },
  { id: 'agent', title: 'agent', width: 'minmax(115px, .8fr)', least: 115, key: job => job.agent || undefined, show: job => job.agent },
  { id: 'state', title: 'state', width: '138px', least: 138, key: job => Object.keys(states).indexOf(job.state), show: job => badge(job.state, states[job.state]), text: () => null },
  { id: 'verdict', title: 'verdict', width: '152px', least: 152, key: job => job.verdict && verdictRank(job.verdict), show: job => job.verdict ? badge(job.verdict) : '–', text: () => null },
  { id: 'expected', title: 'expected', width: '130px', least: 130, key: job => job.expected && verdictRank(job.expected), show: job => job.expected ?? '–' },
  ...data.hypotheses.map(name => ({
    id: `under ${name}`, title: name, width: 'minmax(160px, .8fr)', least: 160, key: job => under(job, name) && rankOf(under(job, name)), show: job => cellOf(under(job, name)) ?? '–',
    text: job => { const it = under(job, name); return it && `${toldOf(it)}${it.counts ? '' : ' (does not count)'}${it.expected ? `, not ${it.expected}` : ''}`; },
  })),
  { id: 'why', title: 'why', width: 'minmax(190px, 3fr)', least: 190, key: whyOf, show: whyOf },
  { id: 'seconds', title: 'seconds', width: '80px', least: 80, number: true, key: job => job.seconds, show: job => job.seconds.toFixed(1) },
];

const textOf = job => job.text ??= [job.incident, job.agent, job.incident + '/' + job.agent, states[job.state], job.verdict, job.expected, job.fixture, job.rerun,
  ...job.hypotheses.flatMap(h => [h.name, toldOf(h), ...h.lines.map(place => data.texts[place])]), ...job.lines.map(place => data.texts[place])].join('\n').toLowerCase();
