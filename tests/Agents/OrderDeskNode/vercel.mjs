// The order desk on Vercel's AI SDK: it makes the calls itself, all at once. MENDED=1: a gate a service, and an error goes to the model.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, tool } from 'ai';
import { z } from 'zod';
import { services } from './services.mjs';
import { agentRun } from './telemetry.mjs';

const MAX_STEPS = 6;
const mended = process.env.MENDED === '1';
const calls = services(mended);
const provider = createOpenAICompatible({ name: 'model', baseURL: process.env.OPENAI_BASE_URL, apiKey: 'no-key' });
const tools = {
  search_orders: tool({ description: 'The last orders of a customer.', inputSchema: z.object({ customer_id: z.string(), limit: z.number() }) }),
  check_inventory: tool({ description: 'The stock of an article in a warehouse.', inputSchema: z.object({ sku: z.string(), warehouse: z.string() }) }),
};

async function make(call) {
  try {
    return { type: 'json', value: await calls[call.toolName](call.input) };
  } catch (error) {
    if (!mended) throw error;
    return { type: 'error-text', value: error.message };
  }
}

async function desk() {
  const messages = [{ role: 'user', content: process.argv[2] }];
  for (let step = 0; step < MAX_STEPS; step++) {
    const answer = await generateText({ model: provider('gpt-4o-mini'), tools, messages });
    if (answer.toolCalls.length === 0) return console.log(answer.text);
    messages.push(...answer.response.messages);
    const made = answer.toolCalls.map(make);
    const outputs = await Promise.all(made).finally(() => Promise.allSettled(made));
    messages.push({ role: 'tool', content: answer.toolCalls.map((c, i) => ({ type: 'tool-result', toolCallId: c.toolCallId, toolName: c.toolName, output: outputs[i] })) });
  }
}

await agentRun(desk);
