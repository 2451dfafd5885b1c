// Exports one trace (a root, a failed child with an event and a link) and one log record: node export.mjs PROTOCOL URL
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';

const [protocol, url] = process.argv.slice(2);
const packages = { json: 'http', protobuf: 'proto', grpc: 'grpc' };
const { OTLPTraceExporter } = await import(`@opentelemetry/exporter-trace-otlp-${packages[protocol]}`);
const exporter = new OTLPTraceExporter({ url: protocol === 'grpc' ? url : `${url}/v1/traces` });
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();

const tracer = trace.getTracer('exporter', '1.2.3');
const root = tracer.startSpan('root', { attributes: { text: 'größer "x"\n', whole: 42, real: 0.5, yes: true, list: ['a', 'b'] } });
const child = tracer.startSpan('child', { links: [{ context: root.spanContext(), attributes: { why: 'because' } }] }, trace.setSpan(context.active(), root));
child.recordException(new TypeError('no answer'));
child.setStatus({ code: SpanStatusCode.ERROR, message: 'no answer' });
child.end();
root.end();
await provider.shutdown();

if (protocol === 'json') {
  const { LoggerProvider, SimpleLogRecordProcessor } = await import('@opentelemetry/sdk-logs');
  const { OTLPLogExporter } = await import('@opentelemetry/exporter-logs-otlp-http');
  const logs = new LoggerProvider({ processors: [new SimpleLogRecordProcessor(new OTLPLogExporter({ url: `${url}/v1/logs` }))] });
  logs.getLogger('exporter').emit({ body: 'written', severityText: 'INFO', attributes: { run_id: 'r-1' } });
  await logs.shutdown();
}
