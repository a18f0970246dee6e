import { ContainedError, type Guard } from '@firebreak/guard';
import type OpenAI from 'openai';

/** Name of the agent, as holds and records name it. */
export const AGENT = 'order-desk';

const order = {
  type: 'object',
  properties: { order: { type: 'string', description: 'number of the order' } },
  required: ['order'],
} as const;
const tool = (name: string, description: string): OpenAI.ChatCompletionFunctionTool => ({
  type: 'function',
  function: { name, description, parameters: order },
});
/** What the agent may use, as the model is told. */
export const TOOLS = [
  tool('look_up_order', 'Where an order is.'),
  tool('cancel_order', 'Cancels an order, and sends it back if it is on its way.'),
];

/** The record of orders, as a shop has one. */
class Orders {
  readonly #cancelled = new Set<string>();

  lookUp(number: string): string {
    if (number === '') return 'No order number was given.';
    return this.#cancelled.has(number)
      ? `Order ${number} is cancelled.`
      : `Order ${number} left the warehouse and is with the carrier.`;
  }
  cancel(number: string): string {
    if (number === '') return 'No order number was given.';
    this.#cancelled.add(number);
    return `Order ${number} is cancelled, and the parcel comes back to us.`;
  }
}

/** An agent with two tools, each asked of the guard before it runs: one may be taken from it while it goes on with the other. */
export class OrderDesk {
  readonly #orders = new Orders();
  readonly #tools: Readonly<Record<string, (number: string) => Promise<string>>>;

  constructor(guard: Guard) {
    const guarded = (name: string, run: (number: string) => string) =>
      guard.tool(async (number: string) => run(number), { tool: name, agent: AGENT, feature: 'order-status' });
    this.#tools = {
      look_up_order: guarded('look_up_order', (number) => this.#orders.lookUp(number)),
      cancel_order: guarded('cancel_order', (number) => this.#orders.cancel(number)),
    };
  }

  /** What the model is told of a call it asked for. Never throws: a call that is stopped is said to be. */
  async call({ name, arguments: given }: { readonly name: string; readonly arguments: string }): Promise<string> {
    const run = this.#tools[name];
    if (run === undefined) return `There is no tool ${name}.`;
    let number = '';
    try {
      const read: unknown = JSON.parse(given).order;
      number = typeof read === 'string' ? read.slice(0, 20) : '';
    } catch {
      return 'The arguments could not be read.';
    }
    try {
      return await run(number);
    } catch (error) {
      if (error instanceof ContainedError) return `Not done: ${error.message}`;
      throw error;
    }
  }
}
