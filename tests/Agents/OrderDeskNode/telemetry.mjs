// OpenTelemetry as the order desk has it: a span for the run and one for each tool call, sent to where OTEL_EXPORTER_OTLP_ENDPOINT says.
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({ spanProcessors: process.env.OTEL_EXPORTER_OTLP_ENDPOINT ? [new BatchSpanProcessor(new OTLPTraceExporter())] : [] });
provider.register();
const tracer = trace.getTracer('order-desk');

async function within(name, attributes, work) {
  const span = tracer.startSpan(name, { attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), () => work(span));
  } catch (error) {
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    throw error;
  } finally {
    span.end();
  }
}

export const toolCall = (name, input, work) =>
  within(`execute_tool ${name}`, { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name, 'gen_ai.tool.call.arguments': JSON.stringify(input) }, async (span) => {
    const result = await work();
    span.setAttribute('gen_ai.tool.call.result', JSON.stringify(result));
    return result;
  });

// The whole run; what it has to tell is sent before the process ends, however it ends.
export async function agentRun(work) {
  try {
    await within('invoke_agent order-desk', { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'order-desk' }, work);
  } finally {
    await provider.shutdown().catch(() => {});
  }
}
