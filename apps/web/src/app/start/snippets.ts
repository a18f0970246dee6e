import type { Logging } from '@firebreak/core/prepare/inventory';

export interface Wiring {
  readonly logging: Logging;
  /** Address of this server, without a slash at its end. */
  readonly url: string;
  readonly system: string;
  /** Key of a feature of the system; null where it has none. */
  readonly feature: string | null;
  /** An API key, or null: the snippet reads it from the environment. */
  readonly key: string | null;
}

export interface Snippet {
  readonly title: string;
  /** What it brings. */
  readonly does: string;
  readonly text: string;
}

const GATEWAY_PORT = 7374;
const shell = (key: string | null) => key ?? '$FIREBREAK_KEY';
const code = (key: string | null) => (key === null ? 'process.env.FIREBREAK_KEY' : `'${key}'`);

function gatewayAddress(url: string): string {
  const { hostname } = new URL(url);
  return `http://${hostname}:${GATEWAY_PORT}/openai/v1`;
}

const send = ({ url, system, feature, key }: Wiring): Snippet => ({
  title: 'Send an interaction',
  does: 'One question and its answer, from any language. Sent once by hand, it shows that the way is open.',
  text: [
    `curl ${url}/api/v1/interactions \\`,
    `  -H "authorization: Bearer ${shell(key)}" \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '${JSON.stringify({
      system,
      ...(feature !== null && { feature }),
      input: 'How many devices?',
      output: 'Up to five.',
    })}'`,
  ].join('\n'),
});

const traces = ({ url, system, key }: Wiring): Snippet => ({
  title: 'OpenTelemetry, from the environment',
  does: 'Every traced model call becomes an interaction. Content must be captured by your instrumentation.',
  text: [
    `OTEL_SERVICE_NAME=${system}`,
    `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=${url}/v1/traces`,
    `OTEL_EXPORTER_OTLP_TRACES_HEADERS="authorization=Bearer%20${shell(key)}"`,
  ].join('\n'),
});

const gateway = ({ url, system, feature }: Wiring): Snippet => ({
  title: 'The gateway, in front of the model',
  does: 'Records every exchange and obeys what is ordered, by one address and two headers. No guard is needed beside it.',
  text: [
    'const openai = new OpenAI({',
    `  baseURL: '${gatewayAddress(url)}',`,
    '  defaultHeaders: {',
    `    'x-firebreak-system': '${system}',`,
    ...(feature === null ? [] : [`    'x-firebreak-feature': '${feature}',`]),
    '  },',
    '});',
  ].join('\n'),
});

const guard = ({ url, system, feature, key }: Wiring): Snippet => ({
  title: 'The guard, inside the application',
  does: 'Makes every running process obey the control above, also when Firebreak is away.',
  text: [
    "import { createGuard } from '@firebreak/guard';",
    '',
    'const guard = await createGuard({',
    `  url: '${url}',`,
    `  key: ${code(key)},`,
    `  system: '${system}',`,
    "  bootFailMode: 'allow', // or 'deny': what to do before anything is known",
    '});',
    `const verdict = guard.check({${feature === null ? '' : ` feature: '${feature}' `}});`,
    "if (verdict.action === 'deny') return verdict.message;",
  ].join('\n'),
});

/** What to copy so that a system is heard and can be stopped, by how it logs: the shortest way first. */
export function snippetsFor(wiring: Wiring): readonly Snippet[] {
  switch (wiring.logging) {
    case 'gateway':
      return [gateway(wiring)];
    case 'opentelemetry':
      return [traces(wiring), guard(wiring)];
    default:
      return [send(wiring), guard(wiring)];
  }
}
