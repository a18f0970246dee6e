import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** How one request is answered instead of properly. */
export type Fault =
  | 'drop'
  | 'hang'
  | 'change-then-drop'
  | { status: number; headers?: Record<string, string>; body?: string };

interface Run {
  id: number;
  display_title: string;
  status: string;
  conclusion: string | null;
}

/** The switches of other products, as their interfaces answer, on one local server. */
export class FakeOutside {
  readonly heard: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[] = [];
  /** What the next requests meet, first one first, where the method and path fit. */
  readonly faults: { at: RegExp; how: Fault }[] = [];
  flags = { unleash: true, launchdarkly: true, flagsmith: true };
  scale = { spec: 3, status: 3 };
  annotations: Record<string, string> = {};
  runs: Run[] = [];
  webhook: (message: { type: string; data: { report: { url: string; token: string } } }) => [number, string] = () => [
    200,
    '',
  ];
  mayPatch = true;
  url = '';
  #server: Server | null = null;

  async open(): Promise<this> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const path = request.url ?? '';
        const method = request.method ?? '';
        this.heard.push({ method, path, headers: request.headers, body });
        const place = this.faults.findIndex(({ at }) => at.test(`${method} ${path}`));
        const [fault] = place < 0 ? [] : this.faults.splice(place, 1);
        const how = fault?.how;
        if (how === 'drop') return request.socket.destroy();
        if (how === 'hang') return undefined;
        if (typeof how === 'object')
          return response.writeHead(how.status, how.headers).end(how.body ?? '{"message":"no"}');
        const [status, answer] = this.#answer(method, path, request.headers, body);
        if (how === 'change-then-drop') return request.socket.destroy();
        return response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  changes = (): string[] =>
    this.heard.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

  #answer(method: string, path: string, headers: IncomingMessage['headers'], body: string): [number, unknown] {
    const authorized = (wanted: string) => headers.authorization === wanted;
    const sent = body === '' ? {} : JSON.parse(body);
    if (path.startsWith('/api/admin/')) {
      if (!authorized('good')) return [401, { name: 'AuthenticationRequired' }];
      if (path === '/api/admin/user')
        return [
          200,
          { permissions: [{ permission: 'UPDATE_FEATURE_ENVIRONMENT', project: 'bots', environment: 'production' }] },
        ];
      if (!path.startsWith('/api/admin/projects/bots/features/answers')) return [404, { name: 'NotFoundError' }];
      const turn = /\/environments\/production\/(on|off)$/.exec(path);
      if (turn && method === 'POST') {
        this.flags.unleash = turn[1] === 'on';
        return [200, ''];
      }
      return [
        200,
        { name: 'answers', environments: [{ name: 'production', enabled: this.flags.unleash, strategies: [] }] },
      ];
    }
    if (path.startsWith('/api/v2/flags/default/answers')) {
      if (!authorized('good')) return [401, { message: 'Invalid access token' }];
      if (method === 'PATCH') {
        if (!String(headers['content-type']).includes('semanticpatch')) return [400, { message: 'not a patch' }];
        this.flags.launchdarkly = sent.instructions[0].kind === 'turnFlagOn';
      }
      return [
        200,
        { key: 'answers', environments: { [sent.environmentKey ?? 'production']: { on: this.flags.launchdarkly } } },
      ];
    }
    if (path.startsWith('/api/v1/environments/ENV/')) {
      if (!authorized('Api-Key good')) return [403, { detail: 'Authentication credentials were not provided.' }];
      if (path.includes('my-permissions')) return [200, { permissions: ['UPDATE_FEATURE_STATE'], admin: false }];
      if (method === 'PATCH') this.flags.flagsmith = sent.enabled;
      const state = { id: 77, feature: 3, enabled: this.flags.flagsmith, feature_state_value: null };
      return [200, method === 'PATCH' ? state : { count: 1, next: null, previous: null, results: [state] }];
    }
    if (path.startsWith('/repos/acme/bot')) {
      if (!authorized('Bearer good')) return [401, { message: 'Bad credentials' }];
      if (path.endsWith('/dispatches')) {
        const display_title = `Stop ${sent.inputs.firebreak}`;
        this.runs.unshift({ id: 900 + this.runs.length, display_title, status: 'queued', conclusion: null });
        return [204, ''];
      }
      if (path.includes('/runs')) return [200, { total_count: this.runs.length, workflow_runs: this.runs }];
      return [200, { full_name: 'acme/bot', permissions: { push: true } }];
    }
    if (path.startsWith('/apis/')) {
      if (!authorized('Bearer good')) return [401, { kind: 'Status', status: 'Failure', reason: 'Unauthorized' }];
      if (path.includes('selfsubjectaccessreviews')) return [201, { status: { allowed: this.mayPatch } }];
      if (method === 'PATCH' && headers['content-type'] !== 'application/merge-patch+json') return [415, {}];
      if (path.endsWith('/scale')) {
        if (method === 'PATCH') this.scale.spec = sent.spec.replicas;
        const { spec, status } = this.scale;
        return [
          200,
          {
            kind: 'Scale',
            apiVersion: 'autoscaling/v1',
            spec: spec === 0 ? {} : { replicas: spec },
            status: { replicas: status },
          },
        ];
      }
      for (const [name, value] of Object.entries<string | null>(sent.metadata?.annotations ?? {}))
        if (value === null) delete this.annotations[name];
        else this.annotations[name] = value;
      return [200, { kind: 'Deployment', metadata: { name: 'bot', annotations: this.annotations } }];
    }
    if (path === '/hook') return this.webhook(sent);
    return [404, { message: 'nothing here' }];
  }
}
