// The order desk on Google's SDK, which makes no call itself: all of an answer's are made at once. MENDED=1: a gate a service, and an error goes to the model. STREAM=1: answers are streamed.
import { GoogleGenAI } from '@google/genai';
import { services } from './services.mjs';
import { agentRun } from './telemetry.mjs';

const MAX_STEPS = 6;
const mended = process.env.MENDED === '1';
const calls = services(mended);
// It tries again only where it is told to.
const ai = new GoogleGenAI({ httpOptions: { retryOptions: { attempts: 3, initialDelay: 0.1, jitter: 0 } } });
const declare = (name, description, properties) => ({ name, description, parametersJsonSchema: { type: 'object', properties, required: Object.keys(properties) } });
const config = {
  tools: [
    {
      functionDeclarations: [
        declare('search_orders', 'The last orders of a customer.', { customer_id: { type: 'string' }, limit: { type: 'number' } }),
        declare('check_inventory', 'The stock of an article in a warehouse.', { sku: { type: 'string' }, warehouse: { type: 'string' } }),
      ],
    },
  ],
};

async function make(call) {
  try {
    return { functionResponse: { name: call.name, response: { output: await calls[call.name](call.args) } } };
  } catch (error) {
    if (!mended) throw error;
    return { functionResponse: { name: call.name, response: { error: error.message } } };
  }
}

async function ask(contents) {
  const request = { model: 'gemini-2.5-flash', contents, config };
  if (process.env.STREAM !== '1') return (await ai.models.generateContent(request)).candidates[0].content.parts;
  const parts = [];
  for await (const chunk of await ai.models.generateContentStream(request)) parts.push(...(chunk.candidates?.[0].content.parts ?? []));
  return parts;
}

async function desk() {
  const contents = [{ role: 'user', parts: [{ text: process.argv[2] }] }];
  for (let step = 0; step < MAX_STEPS; step++) {
    const parts = await ask(contents);
    const asked = parts.filter((p) => p.functionCall).map((p) => p.functionCall);
    if (asked.length === 0) return console.log(parts.map((p) => p.text).join(''));
    // Older models give no ids, and this agent keeps none: results belong to calls by their names and order.
    contents.push({ role: 'model', parts: asked.map(({ name, args }) => ({ functionCall: { name, args } })) });
    const made = asked.map(make);
    contents.push({ role: 'user', parts: await Promise.all(made).finally(() => Promise.allSettled(made)) });
  }
}

await agentRun(desk);
