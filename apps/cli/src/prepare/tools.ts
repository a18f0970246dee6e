import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { limitIn, sayLimits, sayUndoLine, TOOL_EFFECTS, TOOL_READS, undoIn } from '@firebreak/core/prepare/inventory';
import { BadInput, type Register } from '../cli.ts';

type Tool = AiSystem['tools'][number];
type Manifest = NonNullable<Tool['manifest']>;

interface Said {
  readonly permission?: string[];
  readonly effect?: string;
  readonly reads?: string;
  readonly server?: string;
  readonly rate?: string;
  readonly limit?: string[];
  readonly reversible?: string;
  /** False: what was said is forgotten. */
  readonly undo?: string | false;
  readonly undoBy?: string;
  readonly agent?: string[];
  readonly approval?: boolean;
  readonly anyServer?: boolean;
  readonly anyAgent?: boolean;
  readonly anyRate?: boolean;
  readonly anyArguments?: boolean;
}

function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((each) => each === given);
  if (found === undefined) throw new BadInput(`${option} “${given}” is not known. Use one of: ${known.join(', ')}.`);
  return found;
}

/** `10/60`: so many calls in so many seconds. */
function rateOf(given: string): NonNullable<Manifest['rate']> {
  const [, calls, seconds] = /^(\d{1,7})\/(\d{1,5})$/.exec(given) ?? [];
  const rate = { calls: Number(calls), seconds: Number(seconds) };
  if (!(rate.calls >= 1 && rate.calls <= 1e6 && rate.seconds >= 1 && rate.seconds <= 86_400))
    throw new BadInput(`--rate “${given}” cannot be read. Write calls/seconds, for example 10/60; a day at most.`);
  return rate;
}

function limitsOf(given: readonly string[]): Manifest['limits'] {
  return given.map((line) => {
    const limit = limitIn(line);
    if (limit === null)
      throw new BadInput(
        `--limit “${line}” cannot be read. Write the argument and its bound: "amount 1..50", "currency EUR, USD", "note 200 characters" or "order /^ORD-/".`,
      );
    return limit;
  });
}

const TO_UNDO = ['yes', 'no', 'unsaid'] as const;

/** How a call is undone; what is not said stays. */
function undoneBy({ undo, undoBy }: Said, before: Manifest['undo']): Manifest['undo'] {
  if (undo === false && undoBy !== undefined) throw new BadInput('--no-undo and --undo-by say opposite things.');
  if (undo === false) return undefined;
  if (undo === undefined && undoBy === undefined) return before;
  const now = undoIn(undo ?? sayUndoLine(before), undoBy ?? before?.instruction ?? '');
  if (undo !== undefined && (now === undefined || now.tool === '' || /[=\s]/.test(now.tool)))
    throw new BadInput(
      `--undo “${undo}” cannot be read. Write the tool and where its arguments come from: "cancel_refund id=result.id".`,
    );
  return now;
}

/** The tool as it is to be: what is not said stays. */
function changed(tool: Tool | undefined, name: string, o: Said): Tool {
  for (const [value, none, option, opposite] of [
    [o.server, o.anyServer, 'server', 'any-server'],
    [o.rate, o.anyRate, 'rate', 'any-rate'],
    [o.agent, o.anyAgent, 'agent', 'any-agent'],
    [o.limit, o.anyArguments, 'limit', 'any-arguments'],
  ] as const)
    if (value !== undefined && none) throw new BadInput(`--${option} and --${opposite} say opposite things.`);
  const saysManifest = Object.entries(o).some(([option, value]) => option !== 'permission' && value !== undefined);
  const { server, rate, agents, reversible, undo, ...rest } = tool?.manifest ?? {
    effect: undefined,
    reads: 'nothing',
    limits: [],
  };
  if (saysManifest && rest.effect === undefined && o.effect === undefined)
    throw new BadInput(`Say what a call of ${name} does to the world first: --effect ${TOOL_EFFECTS.join(', ')}.`);
  const now = {
    server: o.anyServer ? undefined : (o.server ?? server),
    rate: o.anyRate ? undefined : o.rate === undefined ? rate : rateOf(o.rate),
    agents: o.anyAgent ? undefined : (o.agent ?? agents),
    limits: o.anyArguments ? [] : o.limit === undefined ? rest.limits : limitsOf(o.limit),
    reversible: o.reversible === undefined ? reversible : oneOf('--reversible', o.reversible, TO_UNDO),
    undo: undoneBy(o, undo),
  };
  return {
    name,
    permissions: o.permission ?? tool?.permissions ?? [],
    note: tool?.note ?? '',
    ...((saysManifest || tool?.manifest !== undefined) && {
      manifest: {
        ...rest,
        effect: o.effect === undefined ? rest.effect! : oneOf('--effect', o.effect, TOOL_EFFECTS),
        reads: o.reads === undefined ? rest.reads : oneOf('--reads', o.reads, TOOL_READS),
        limits: now.limits,
        ...(now.server !== undefined && { server: now.server }),
        ...(now.rate !== undefined && { rate: now.rate }),
        ...(now.agents !== undefined && { agents: now.agents }),
        ...(o.approval !== undefined && { approval: o.approval }),
        ...(now.reversible !== undefined && now.reversible !== 'unsaid' && { reversible: now.reversible }),
        ...(now.undo !== undefined && { undo: now.undo }),
      },
    }),
  };
}

const COLUMNS = [
  { head: 'tool', of: (it: Tool) => it.name },
  { head: 'may', of: (it: Tool) => it.permissions.join('; ') || null },
  { head: 'a call', of: (it: Tool) => it.manifest?.effect },
  { head: 'server', of: (it: Tool) => it.manifest?.server },
  { head: 'agents', of: (it: Tool) => it.manifest?.agents?.join(', ') },
  {
    head: 'rate',
    of: (it: Tool) => it.manifest?.rate && `${it.manifest.rate.calls} in ${it.manifest.rate.seconds} s`,
  },
  { head: 'limits', of: (it: Tool) => sayLimits(it.manifest?.limits ?? []).replaceAll('\n', '; ') || null },
  {
    head: 'undone by',
    of: (it: Tool) =>
      it.manifest?.reversible === 'no'
        ? 'cannot be undone'
        : sayUndoLine(it.manifest?.undo) || it.manifest?.undo?.instruction,
  },
  { head: 'a person agrees', of: (it: Tool) => (it.manifest?.approval ? 'yes' : null) },
] as const;

/** `firebreak tools …` */
export const tools: Register = (program, cli) => {
  const group = program.command('tools').description('tools AI systems may use, and what calls are held against');
  const toolsOf = async (system: string) =>
    (await cli.client().call(inventory.show, { params: { system } })).system.tools;
  group
    .command('list <system>')
    .description('the tools a system was granted')
    .action(async (system: string) => {
      const rows = await toolsOf(system);
      cli.table(rows, [...COLUMNS], rows);
    });
  group
    .command('show <system> <tool>')
    .description('one tool with its whole manifest')
    .action(async (system: string, name: string) => {
      const tool = (await toolsOf(system)).find((each) => each.name === name);
      if (tool === undefined)
        throw new BadInput(`${system} was granted no tool ${name}. See: firebreak tools list ${system}`);
      cli.say(JSON.stringify(tool, null, 2), tool);
    });
  group
    .command('set <system> <tool>')
    .description('grant a tool, or change what its calls are held against; what is not said stays')
    .option('--permission <line...>', 'what it may do; instead of what stands there')
    .option('--effect <effect>', `what a call does to the world: ${TOOL_EFFECTS.join(', ')}`)
    .option('--reads <what>', `what it hands to the assistant: ${TOOL_READS.join(', ')}`)
    .option('--server <name>', 'the MCP server it is of')
    .option('--any-server', 'the tool of this name on any server')
    .option('--rate <calls/seconds>', 'how often it may be called, for example 10/60')
    .option('--any-rate', 'as often as it likes')
    .option(
      '--limit <line...>',
      'what an argument may be, instead of the limits there are: "amount 1..50" "order /^ORD-/"',
    )
    .option('--any-arguments', 'no limits of its arguments')
    .option('--agent <name...>', 'the only agents that may call it')
    .option('--any-agent', 'any agent may call it')
    .option('--approval', 'a person agrees to each call')
    .option('--no-approval', 'nobody is asked before a call')
    .option('--reversible <answer>', `whether a call can be undone: ${TO_UNDO.join(', ')}`)
    .option('--undo <line>', 'the tool that undoes a call, and where its arguments come from: "cancel id=result.id"')
    .option('--undo-by <instruction>', 'what people have to do to undo a call')
    .option('--no-undo', 'forget how a call is undone')
    .action(async (system: string, name: string, o: Said) => {
      const tool = changed(
        (await toolsOf(system)).find((each) => each.name === name),
        name,
        o,
      );
      const { system: now } = await cli.client().call(systemParts.grantTool, { params: { system }, body: tool });
      const rows = now.tools.filter((each) => each.name === name);
      cli.table(rows, [...COLUMNS], rows[0]);
    });
  group
    .command('withdraw <system> <tool>')
    .description('the system may not use it any more')
    .action(async (system: string, name: string) => {
      const { system: now } = await cli.client().call(systemParts.withdrawTool, { params: { system }, body: { name } });
      cli.say(`${now.name} may not use ${name} any more.`, now.tools);
    });
};
