// The dependency rule, for dependency-cruiser. Every rule here is broken once in ./fixture.
const PHASES = ['prepare', 'detect', 'respond', 'learn', 'prove'];
const LAYER = '(packages/core|packages/contract|apps/server|apps/web|apps/cli)/src';
const TEST = '\\.(test|story)\\.tsx?$';
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const looksBack = PHASES.slice(0, -1).map((phase, i) =>
  rule(
    `${phase}-looks-back`,
    `${phase} may not know what comes after it`,
    { path: `^${LAYER}/${phase}/`, pathNot: TEST },
    { path: `^${LAYER}/(${PHASES.slice(i + 1).join('|')})/` },
  ),
);

module.exports = {
  forbidden: [
    ...looksBack,
    rule(
      'core-is-pure',
      'the core imports only the core',
      { path: '^packages/core/src', pathNot: TEST },
      { pathNot: '^packages/core/src' },
    ),
    rule(
      'kernel-knows-nothing',
      'the kernel imports only itself',
      { path: '^packages/core/src/kernel/' },
      { path: '^packages/core/src/', pathNot: '^packages/core/src/kernel/' },
    ),
    rule(
      'evidence-stands-alone',
      'so that a verifier can be checked by itself',
      { path: '^packages/core/src/evidence/', pathNot: TEST },
      { path: '^packages/core/src/', pathNot: '^packages/core/src/(kernel|evidence)/' },
    ),
    rule(
      'one-door',
      'a slice is entered by its index.ts',
      { path: `^${LAYER}/([^/]+)/([^/]+)/`, pathNot: TEST },
      {
        path: `^${LAYER}/(${PHASES.join('|')})/[^/]+/.`,
        pathNot: ['^$1/src/$2/$3/', '/index\\.tsx?$', '^packages/contract/'],
      },
    ),
    rule(
      'one-door-from-outside',
      'platform, adapters and roots use the doors too',
      { path: `^${LAYER}/(?!(${PHASES.join('|')})/)` },
      {
        path: `^(packages/core|apps/server|apps/web)/src/(${PHASES.join('|')})/[^/]+/.`,
        pathNot: ['/index\\.tsx?$', '^apps/web/src'],
      },
    ),
    rule(
      'platform-has-a-door',
      'slices use platform/index.ts',
      { path: `^apps/server/src/(${PHASES.join('|')}|adapters|assistant)/`, pathNot: TEST },
      { path: '^apps/server/src/platform/', pathNot: '/platform/index\\.ts$' },
    ),
    rule(
      'platform-knows-no-slice',
      'main knows the slices, the platform does not',
      { path: '^apps/server/src/platform/', pathNot: TEST },
      { path: `^apps/server/src/(${PHASES.join('|')}|adapters|assistant)/` },
    ),
    rule(
      'contract-knows-the-core',
      'and nothing else of ours',
      { path: '^packages/contract/src' },
      { path: '^(packages|apps)/', pathNot: '^packages/(contract|core)/src' },
    ),
    rule(
      'client-knows-the-contract',
      'and nothing else of ours',
      { path: '^packages/client/src' },
      { path: '^(packages|apps)/', pathNot: '^packages/(client|contract|core)/src' },
    ),
    rule(
      'guard-carries-only-containment',
      'it is bundled into other people’s programs',
      { path: '^packages/guard/src', pathNot: TEST },
      {
        path: '^(packages|apps)/',
        pathNot: '^packages/(guard/src|core/src/(kernel|evidence|patterns|respond/containment)/)',
      },
    ),
    rule(
      'guard-has-no-dependency',
      'not one',
      { path: '^packages/guard/src', pathNot: TEST },
      { path: 'node_modules', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'apps-are-islands',
      'an app imports no other app; serve.ts starts the gateway beside the server, and the terminal its MCP proxy',
      { path: '^apps/([^/]+)/', pathNot: '^apps/(server/src/serve|cli/src/respond/mcp-proxy)\\.ts$' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    rule(
      'nobody-needs-the-assistant',
      'only the list of slices names it',
      { path: '^(apps|packages)/', pathNot: ['^apps/server/src/assistant/', '^apps/server/src/slices\\.ts$'] },
      { path: '^apps/server/src/assistant/' },
    ),
    rule(
      'the-assistant-cannot-act',
      'it proposes; a person submits',
      { path: '^apps/server/src/assistant/' },
      { path: '^apps/server/src/platform/act\\.ts$' },
    ),
    rule(
      'production-knows-no-test',
      'no test, no world',
      { path: '^(apps|packages/(?!world))', pathNot: TEST },
      { path: `^packages/world/|${TEST}|^(stories|conformance|bench)/` },
    ),
    rule(
      'frameworks-stay-at-the-edge',
      'Fastify is used in platform/http; elsewhere only its types',
      { path: '^apps/server/src/', pathNot: ['^apps/server/src/platform/http/', TEST] },
      { path: 'node_modules/(fastify|@fastify)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'databases-stay-in-the-platform',
      'pg, PGlite and Kysely',
      { path: '^apps/server/src/', pathNot: ['^apps/server/src/platform/database/', TEST] },
      { path: 'node_modules/(pg|kysely|@electric-sql)/' },
    ),
    rule('no-cycles', 'types included', {}, { circular: true }),
  ],
  options: {
    exclude: { path: '/dist/' },
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
