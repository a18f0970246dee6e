import { readFile } from 'node:fs/promises';
import { hooks } from '@firebreak/contract/detect/hooks';
import { sources as doors } from '@firebreak/contract/prepare/sources';
import { PRODUCTS, type SourceProduct } from '@firebreak/core/prepare/sources';
import { BadInput, type Register } from '../cli.ts';

const fileOf = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error) => {
    throw new BadInput(`${path} cannot be read: ${(error as Error).message}`);
  });

function productOf(text: string): SourceProduct {
  const product = PRODUCTS.find((each) => each === text);
  if (product === undefined) throw new BadInput(`There is no product “${text}”. Choose ${PRODUCTS.join(', ')}.`);
  return product;
}

interface Adding {
  readonly name: string;
  readonly system?: string;
  readonly label?: string;
  readonly signingSecretFile?: string;
  readonly mapping?: string;
  readonly pages?: boolean;
}
interface Trying {
  readonly payload: string;
  readonly mapping?: string;
  readonly system?: string;
  readonly label?: string;
}

/** `firebreak sources …` */
export const sources: Register = (program, cli) => {
  const group = program.command('sources').description('where alerts of other products come from');
  group
    .command('list')
    .description('sources, when each was heard last, and what was refused')
    .action(async () => {
      const answer = await cli.client().call(doors.list, {});
      cli.table(
        answer.sources,
        [
          { head: 'source', of: (it) => it.name },
          { head: 'product', of: (it) => it.product },
          { head: 'about', of: (it) => it.system ?? (it.label || null) },
          { head: 'heard', of: (it) => it.lastAt ?? 'NEVER' },
          { head: 'taken', of: (it) => String(it.accepted) },
          { head: 'refused', of: (it) => String(it.refused) },
          { head: 'id', of: (it) => (it.ended === null ? it.id : `${it.id} (ended)`) },
        ],
        answer,
      );
    });
  group
    .command('show <source>')
    .description('the address of a source, and what came from it lately')
    .action(async (source: string) => {
      const answer = await cli.client().call(doors.show, { params: { source } });
      cli.table(
        answer.deliveries,
        [
          { head: 'at', of: (it) => it.at },
          { head: 'outcome', of: (it) => it.outcome },
          { head: 'why', of: (it) => it.why },
          { head: 'signals', of: (it) => it.signals.join(' ') || null },
        ],
        answer,
      );
    });
  group
    .command('add <product>')
    .description(`add a source and print its address and intake key, once: ${PRODUCTS.join(', ')}`)
    .requiredOption('--name <text>')
    .option('--system <key>', 'the AI system everything from it is about')
    .option('--label <name>', 'the label whose value names the system, where it tells of several')
    .option('--signing-secret-file <file>', 'what the product signs with; a file, so that it stands in no history')
    .option('--mapping <file>', 'a JSONata expression, for a custom source')
    .option('--pages', 'what it calls critical pages alone')
    .action(async (product: string, it: Adding) => {
      const { source, key } = await cli.client().call(doors.add, {
        body: {
          product: productOf(product),
          name: it.name,
          system: it.system ?? null,
          label: it.label ?? '',
          pages: it.pages ?? false,
          mapping: it.mapping === undefined ? '' : await fileOf(it.mapping),
          ...(it.signingSecretFile !== undefined && { signingSecret: (await fileOf(it.signingSecretFile)).trim() }),
        },
      });
      cli.say(`${source.id}\naddress:    ${source.address}\nintake key: ${key} (shown only now)`, { source, key });
    });
  group
    .command('preview <product>')
    .description('what a payload would become; nothing is kept')
    .requiredOption('--payload <file>', 'JSON as the product sends it')
    .option('--mapping <file>', 'a JSONata expression, for a custom source')
    .option('--system <key>')
    .option('--label <name>')
    .action(async (product: string, it: Trying) => {
      let payload: unknown;
      try {
        payload = JSON.parse(await fileOf(it.payload));
      } catch (error) {
        throw error instanceof BadInput ? error : new BadInput(`${it.payload} is not valid JSON.`);
      }
      const answer = await cli.client().call(hooks.preview, {
        body: {
          product: productOf(product),
          payload,
          system: it.system ?? null,
          label: it.label ?? '',
          mapping: it.mapping === undefined ? '' : await fileOf(it.mapping),
        },
      });
      const why = answer.problem ?? answer.ignored;
      if (why !== null) return cli.say(`Nothing: ${why}`, answer);
      cli.table(
        answer.alerts,
        [
          { head: 'title', of: (it) => it.title },
          { head: 'severity', of: (it) => (it.severityGiven ? it.severity : `${it.severity} (a guess)`) },
          { head: 'status', of: (it) => it.status },
          { head: 'system', of: (it) => it.system },
          { head: 'key', of: (it) => it.dedupKey },
        ],
        answer,
      );
    });
  group
    .command('renew <source>')
    .description('make another intake key; the one before it stops working')
    .action(async (source: string) => {
      const answer = await cli.client().call(doors.renew, { params: { source } });
      cli.say(`intake key: ${answer.key} (shown only now)`, answer);
    });
  group
    .command('end <source>')
    .description('take nothing from it any more')
    .requiredOption('--reason <text>')
    .action(async (source: string, { reason }: { reason: string }) => {
      const answer = await cli.client().call(doors.end, { params: { source }, body: { reason } });
      cli.say(`${answer.source.name} has ended.`, answer);
    });
};
