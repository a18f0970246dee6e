import { describe, expect, it } from 'vitest';
import { instructionsIn } from './instructions.ts';

const KEPT = 'You can keep the tent for thirty days.';
const MUST = 'You must bring it back dry, and never fold it wet.';
const ORDER = 'Never promise a refund before the desk has looked at it.';

describe('what of a prompt instructs', () => {
  it.each<[string, string, string[]]>([
    ['who it is', 'You are Mira, the guide of a camping shop.', ['You are Mira, the guide of a camping shop.']],
    [
      'what it may say',
      'Only discuss tents. Do not mention rivals.',
      ['Only discuss tents.', 'Do not mention rivals.'],
    ],
    ['how it treats people', 'When a customer is angry, be kind.', ['When a customer is angry, be kind.']],
    ['whom it tells what', 'You can tell customers the price.', ['You can tell customers the price.']],
    ['what it says of the shop', 'The shop opens at nine. You can keep a tent for thirty days.', []],
    ['a line broken for width', 'Never promise a refund\nbefore the desk has looked at it.', [ORDER]],
    ['orders without a heading', `${MUST} ${ORDER}`, [MUST, ORDER]],
    ['articles under a heading', `${ORDER}\n# Articles\n## Tents\n${KEPT} ${MUST}`, [ORDER]],
    ['rules under a later heading', `# Help articles\n${MUST}\n# Rules\n${ORDER}`, [ORDER]],
    ['rules under a heading that names documents', `## How to answer from the documents\n${ORDER}`, [ORDER]],
    ['a tagged context', `<context>\n${MUST}\n# Rules\n${MUST}\n</context>\n${ORDER}`, [ORDER]],
    ['a tagged context in one line', `<documents>${MUST}</documents>\n${ORDER}`, [ORDER]],
    ['a label', `Context:\n${MUST}\n\nInstructions:\n${ORDER}`, [ORDER]],
    ['a label in bold', `**Knowledge base**:\n${MUST}`, []],
    ['a sentence that hands over', `Use the passages below.\n\n${MUST}\n${KEPT}`, []],
    ['a sentence that hands over rules', `Keep to the following rules:\n${ORDER}`, [ORDER]],
    [
      'an order at the end of what was retrieved',
      `Context:\n${MUST}\n\nAnswer only from the context.`,
      ['Answer only from the context.'],
    ],
    ['nothing', '', []],
  ])('%s', (_, prompt, wants) => {
    expect(instructionsIn(prompt)).toEqual(wants);
  });
});
