import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, isRefusal } from '../../../../kernel/index.ts';
import { errorsInLogs, interactionsFromLogs, type LogRecord, readLogsJson, readLogsProtobuf } from '../../index.ts';

const NOW = instant('2026-11-28T10:00:00Z');
const AT = '1795860000000000000';
const text = (stringValue: string) => ({ stringValue });
const request = (records: object[], service = 'Support Bot') => ({
  resourceLogs: [
    {
      resource: { attributes: [{ key: 'service.name', value: text(service) }] },
      scopeLogs: [{ scope: { name: 'app' }, logRecords: records }],
    },
  ],
});
const read = (records: object[]): readonly LogRecord[] => {
  const reading = readLogsJson(request(records));
  if (isRefusal(reading)) throw new Error(reading.why);
  return reading.records;
};
const attributes = (of: Record<string, string>) =>
  Object.entries(of).map(([key, value]) => ({ key, value: text(value) }));
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

describe('log records', () => {
  it.each([
    [{ severityNumber: 17 }, { severity: 17 }],
    [{ severityNumber: 'SEVERITY_NUMBER_FATAL3' }, { severity: 23 }],
    [{ severityNumber: 'SEVERITY_NUMBER_ERROR' }, { severity: 17 }],
    [{ observedTimeUnixNano: AT }, { atMs: 1_795_860_000_000 }],
    [{ eventName: 'gen_ai.choice' }, { event: 'gen_ai.choice' }],
    [{ attributes: attributes({ 'event.name': 'gen_ai.choice' }) }, { event: 'gen_ai.choice' }],
    [{ body: text('hello') }, { body: 'hello' }],
    [{ body: { kvlistValue: { values: [{ key: 'content', value: text('x') }] } } }, { body: { content: 'x' } }],
    [
      { traceId: '00000000000000000000000000000000', spanId: '' },
      { traceId: null, spanId: null },
    ],
  ])('are read: %j', (given, wants) => {
    expect(read([given])[0]).toMatchObject(wants);
  });

  it('leave out what is damaged, with its place, and keep the neighbours', () => {
    const reading = readLogsJson(
      request([{ body: text('good') }, { body: 'plain' }, 7 as never, { severityNumber: 'loud' }]),
    );
    expect(reading).toMatchObject({
      leftOut: 3,
      examples: [
        { path: '/resourceLogs/0/scopeLogs/0/logRecords/1' },
        { path: '/resourceLogs/0/scopeLogs/0/logRecords/2', why: 'the record is not an object' },
        { path: '/resourceLogs/0/scopeLogs/0/logRecords/3', why: '`severityNumber` is not a whole number' },
      ],
    });
    expect(readLogsJson({ resourceLogs: 7 })).toMatchObject({ refused: 'telemetry.unreadable' });
    expect(readLogsJson([])).toMatchObject({ refused: 'telemetry.unreadable' });
  });

  it('of any bytes are read or refused, and never more than there is room for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const reading = readLogsProtobuf(bytes);
        expect('refused' in reading || reading.records.length >= 0).toBe(true);
      }),
    );
    const many = readLogsJson(request(Array.from({ length: 20_003 }, () => ({ body: text('x') }))));
    expect(many).toMatchObject({ leftOut: 3 });
  });
});

describe('what log records tell', () => {
  it('is one interaction of the messages of one span, as until version 1.36', () => {
    const said = (event: string, body: Record<string, object>) => ({
      ...SPAN,
      timeUnixNano: AT,
      attributes: attributes({ 'event.name': event, 'gen_ai.system': 'openai' }),
      body: { kvlistValue: { values: Object.entries(body).map(([key, value]) => ({ key, value })) } },
    });
    const [call, ...more] = interactionsFromLogs(
      read([
        said('gen_ai.system.message', { content: text('Be kind.') }),
        said('gen_ai.user.message', { content: text('How many devices?') }),
        said('gen_ai.choice', {
          index: { intValue: '0' },
          message: {
            kvlistValue: {
              values: [
                { key: 'role', value: text('assistant') },
                { key: 'content', value: text('One device.') },
              ],
            },
          } as never,
        }),
      ]),
      'unnamed',
      NOW,
    );
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      system: 'support-bot',
      provider: 'openai',
      traceId: SPAN.traceId,
      spanId: SPAN.spanId,
      responseId: null,
      latencyMs: null,
      input: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'How many devices?' },
      ],
      output: 'One device.',
    });
  });

  it('is the whole call where one event carries it, as now', () => {
    const messages = (role: string, content: string) => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
    const [call] = interactionsFromLogs(
      read([
        {
          ...SPAN,
          timeUnixNano: AT,
          eventName: 'gen_ai.client.inference.operation.details',
          attributes: attributes({
            'gen_ai.operation.name': 'chat',
            'gen_ai.response.id': 'chatcmpl-1',
            'gen_ai.response.model': 'm-2',
            'gen_ai.input.messages': messages('user', 'Hello'),
            'gen_ai.output.messages': messages('assistant', 'Hi'),
          }),
        },
        { ...SPAN, body: text('just a line') },
        {
          ...SPAN,
          eventName: 'gen_ai.evaluation.result',
          attributes: attributes({ 'gen_ai.response.id': 'chatcmpl-1' }),
        },
      ]),
      'unnamed',
      NOW,
    );
    expect(call).toMatchObject({ responseId: 'chatcmpl-1', versions: { model: 'm-2' }, output: 'Hi' });
  });

  it('are errors by number or word, the same ones of a minute together', () => {
    const at = (seconds: number) => String(1_795_860_000_000_000_000n + BigInt(seconds) * 1_000_000_000n);
    const errors = errorsInLogs(
      read([
        { timeUnixNano: at(1), severityNumber: 17, body: text('order 4711 failed') },
        { timeUnixNano: at(2), severityNumber: 18, body: text('order 4712 failed') },
        { timeUnixNano: at(70), severityNumber: 17, body: text('order 4713 failed') },
        { timeUnixNano: at(3), severityText: 'CRITICAL', body: text('out of memory') },
        { timeUnixNano: at(3), severityNumber: 13, body: text('only a warning') },
        { timeUnixNano: at(3), severityNumber: 9, severityText: 'ERROR', body: text('the number counts') },
        {
          timeUnixNano: at(4),
          severityNumber: 17,
          attributes: attributes({ 'exception.type': 'TypeError', 'exception.message': 'x is undefined' }),
        },
      ]),
      'unnamed',
      NOW,
    );
    expect(errors.map(({ count, level, text, system }) => [count, level, text, system])).toEqual([
      [2, 'error', 'order 4711 failed', 'support-bot'],
      [1, 'error', 'order 4713 failed', 'support-bot'],
      [1, 'fatal', 'out of memory', 'support-bot'],
      [1, 'error', 'TypeError: x is undefined', 'support-bot'],
    ]);
  });
});
