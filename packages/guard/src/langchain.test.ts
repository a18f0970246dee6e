import { Document } from '@langchain/core/documents';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { BaseRetriever } from '@langchain/core/retrievers';
import { tool } from '@langchain/core/tools';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf } from '../../../conformance/stand-in-control-plane.ts';
import { callbackHandler } from './langchain.ts';

let open: Guarded;
let called: string[];
beforeEach(async () => {
  called = [];
  open = await openGuarded();
});
afterEach(() => open.close());

class Counted extends FakeListChatModel {
  override async _generate(...given: Parameters<FakeListChatModel['_generate']>) {
    called.push('model');
    return super._generate(...given);
  }
}
class Handbook extends BaseRetriever {
  lc_namespace = ['test'];
  override async _getRelevantDocuments() {
    called.push('index');
    return [new Document({ pageContent: 'a page' })];
  }
}
const callbacks = (question = {}) => [callbackHandler(open.guard, question) as never];

it('really keeps a model from being called', async () => {
  const model = new Counted({ responses: ['Hello'] });
  const messages = [new SystemMessage('never speak of bombs'), new HumanMessage('hi')];
  await open.order(
    holdOf({ kind: 'disable', feature: 'answers' }),
    holdOf({ kind: 'block', phrases: ['bombs'], direction: 'input' }),
  );
  expect((await model.invoke(messages, { callbacks: callbacks({ feature: 'summary' }) })).content).toBe('Hello');
  await expect(model.invoke(messages, { callbacks: callbacks({ feature: 'answers' }) })).rejects.toMatchObject({
    name: 'ContainedError',
  });
  await expect(
    model.invoke([new HumanMessage('of bombs')], { callbacks: callbacks({ feature: 'summary' }) }),
  ).rejects.toMatchObject({ name: 'ContainedError' });
  expect(called).toEqual(['model']);
});

it('really keeps tools and retrievers from being called', async () => {
  const send = tool(
    async () => {
      called.push('tool');
      return 'sent';
    },
    { name: 'send_mail', description: 'sends', schema: { type: 'object', properties: { to: { type: 'string' } } } },
  );
  const handbook = new Handbook({ metadata: { index: 'handbook' } });
  expect(await send.invoke({ to: 'ann' }, { callbacks: callbacks() })).toBe('sent');
  expect(await handbook.invoke('x', { callbacks: callbacks() })).toHaveLength(1);
  await open.order(holdOf({ kind: 'revoke', tools: ['send_mail'] }), holdOf({ kind: 'retrieval', index: 'handbook' }));
  await expect(send.invoke({ to: 'ann' }, { callbacks: callbacks() })).rejects.toMatchObject({
    name: 'ContainedError',
  });
  await expect(handbook.invoke('x', { callbacks: callbacks() })).rejects.toMatchObject({ name: 'ContainedError' });
  // Or finds nothing, for whoever would rather go on without it.
  expect(await open.guard.retriever(handbook, { index: 'handbook' }).invoke('x')).toEqual([]);
  expect(called).toEqual(['tool', 'index']);
});
