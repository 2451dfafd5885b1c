// The order desk on the SDK of AWS, which makes no call itself: all of an answer's are made at once. MENDED=1: a gate a service, and an error goes to the model. STREAM=1: answers are streamed.
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { services } from './services.mjs';
import { agentRun } from './telemetry.mjs';

const MAX_STEPS = 6;
const mended = process.env.MENDED === '1';
const calls = services(mended);
const client = new BedrockRuntimeClient();
const declare = (name, description, properties) => ({
  toolSpec: { name, description, inputSchema: { json: { type: 'object', properties, required: Object.keys(properties) } } },
});
const toolConfig = {
  tools: [
    declare('search_orders', 'The last orders of a customer.', { customer_id: { type: 'string' }, limit: { type: 'number' } }),
    declare('check_inventory', 'The stock of an article in a warehouse.', { sku: { type: 'string' }, warehouse: { type: 'string' } }),
  ],
};

async function make({ toolUseId, name, input }) {
  try {
    return { toolResult: { toolUseId, content: [{ json: await calls[name](input) }] } };
  } catch (error) {
    if (!mended) throw error;
    return { toolResult: { toolUseId, content: [{ text: error.message }], status: 'error' } };
  }
}

async function ask(messages) {
  const request = { modelId: 'anthropic.claude-haiku-4-5-20251001-v1:0', messages, toolConfig };
  if (process.env.STREAM !== '1') {
    const answer = await client.send(new ConverseCommand(request));
    return { content: answer.output.message.content, stopReason: answer.stopReason };
  }
  const content = [];
  let stopReason;
  for await (const event of (await client.send(new ConverseStreamCommand(request))).stream) {
    const { contentBlockStart: start, contentBlockDelta: delta } = event;
    if (start) content[start.contentBlockIndex] = { toolUse: { ...start.start.toolUse, input: '' } };
    if (delta?.delta.toolUse) content[delta.contentBlockIndex].toolUse.input += delta.delta.toolUse.input;
    if (delta?.delta.text) (content[delta.contentBlockIndex] ??= { text: '' }).text += delta.delta.text;
    stopReason ??= event.messageStop?.stopReason;
  }
  for (const block of content) if (block.toolUse) block.toolUse.input = JSON.parse(block.toolUse.input);
  return { content, stopReason };
}

async function desk() {
  const messages = [{ role: 'user', content: [{ text: process.argv[2] }] }];
  for (let step = 0; step < MAX_STEPS; step++) {
    const { content, stopReason } = await ask(messages);
    if (stopReason !== 'tool_use') return console.log(content.map((b) => b.text).join(''));
    messages.push({ role: 'assistant', content });
    const made = content.filter((b) => b.toolUse).map((b) => make(b.toolUse));
    messages.push({ role: 'user', content: await Promise.all(made).finally(() => Promise.allSettled(made)) });
  }
}

await agentRun(desk);
