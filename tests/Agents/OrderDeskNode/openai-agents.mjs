// The order desk on OpenAI's agents SDK, which makes the calls of an answer all at once. MENDED=1: a gate a service, and an error goes to the model.
import { Agent, run, setTracingDisabled, tool } from '@openai/agents';
import { z } from 'zod';
import { services } from './services.mjs';
import { agentRun } from './telemetry.mjs';

setTracingDisabled(true);
const mended = process.env.MENDED === '1';
const calls = services(mended);
const define = (name, description, parameters) => tool({ name, description, parameters, execute: calls[name], ...(mended ? {} : { errorFunction: null }) });

const agent = new Agent({
  name: 'OrderDesk',
  model: 'gpt-4o-mini',
  tools: [
    define('search_orders', 'The last orders of a customer.', z.object({ customer_id: z.string(), limit: z.number() })),
    define('check_inventory', 'The stock of an article in a warehouse.', z.object({ sku: z.string(), warehouse: z.string() })),
  ],
});

await agentRun(async () => {
  const result = await run(agent, process.argv[2]);
  console.log(result.finalOutput);
});
