const incidents = new Set(data.jobs.map(job => job.incident)).size;

new Grid({
  title: `Replays of ${number(incidents)} ${plural(incidents, 'incident')}`, noun: 'job', one: 'a job', label: 'Jobs', ordered: 'in the run', empty: 'There is no job.',
  items: data.jobs, columns, nameOf, textOf, details: jobDetails, stateOf: job => job.state,
  states: { expected: 'as expected', unexpected: 'not as expected', error: 'error' }, counted: ['error'],
  choices: [{ id: 'verdict', label: 'Verdict', any: 'any verdict', options: data.verdicts.filter(name => data.jobs.some(job => job.verdict === name)), accept: (job, name) => job.verdict === name }],
  about: ['k/N: the failure showed in k of N schedules. A verdict in parentheses does not count.'],
});
