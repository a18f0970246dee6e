import { create, createFileRegistry, type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../../../kernel/index.ts';
import { OTLP_LIMITS, type OtlpReading, readOtlpJson, readOtlpProtobuf } from '../../index.ts';
import { sampledShare } from './span.ts';

/** The messages of OTLP that we read, as descriptor data: name, then [field name, number, type, repeated]. */
type Field = readonly [name: string, number: number, type: Type | string, repeated?: boolean];
const MESSAGES: Readonly<Record<string, readonly Field[]>> = {
  Request: [['resource_spans', 1, 'ResourceSpans', true]],
  ResourceSpans: [
    ['resource', 1, 'Resource'],
    ['scope_spans', 2, 'ScopeSpans', true],
    ['schema_url', 3, Type.STRING],
  ],
  Resource: [['attributes', 1, 'KeyValue', true]],
  ScopeSpans: [
    ['scope', 1, 'Scope'],
    ['spans', 2, 'Span', true],
    ['schema_url', 3, Type.STRING],
  ],
  Scope: [
    ['name', 1, Type.STRING],
    ['version', 2, Type.STRING],
  ],
  Span: [
    ['trace_id', 1, Type.BYTES],
    ['span_id', 2, Type.BYTES],
    ['trace_state', 3, Type.STRING],
    ['parent_span_id', 4, Type.BYTES],
    ['name', 5, Type.STRING],
    ['kind', 6, Type.INT32],
    ['start_time_unix_nano', 7, Type.FIXED64],
    ['end_time_unix_nano', 8, Type.FIXED64],
    ['attributes', 9, 'KeyValue', true],
    ['dropped_attributes_count', 10, Type.UINT32],
    ['events', 11, 'Event', true],
    ['links', 13, 'Link', true],
    ['status', 15, 'Status'],
    ['flags', 16, Type.FIXED32],
    ['from_the_future', 900, Type.STRING],
  ],
  Event: [
    ['time_unix_nano', 1, Type.FIXED64],
    ['name', 2, Type.STRING],
    ['attributes', 3, 'KeyValue', true],
  ],
  Link: [
    ['trace_id', 1, Type.BYTES],
    ['span_id', 2, Type.BYTES],
    ['trace_state', 3, Type.STRING],
    ['attributes', 4, 'KeyValue', true],
  ],
  Status: [
    ['message', 2, Type.STRING],
    ['code', 3, Type.INT32],
  ],
  KeyValue: [
    ['key', 1, Type.STRING],
    ['value', 2, 'AnyValue'],
  ],
  AnyValue: [
    ['string_value', 1, Type.STRING],
    ['bool_value', 2, Type.BOOL],
    ['int_value', 3, Type.INT64],
    ['double_value', 4, Type.DOUBLE],
    ['array_value', 5, 'ArrayValue'],
    ['kvlist_value', 6, 'KeyValueList'],
    ['bytes_value', 7, Type.BYTES],
  ],
  ArrayValue: [['values', 1, 'AnyValue', true]],
  KeyValueList: [['values', 1, 'KeyValue', true]],
};

const file = create(FileDescriptorProtoSchema, {
  name: 'otlp.proto',
  package: 't',
  syntax: 'proto3',
  messageType: Object.entries(MESSAGES).map(([name, fields]) => ({
    name,
    oneofDecl: name === 'AnyValue' ? [{ name: 'value' }] : [],
    field: fields.map(([field, number, type, repeated]) => ({
      name: field,
      jsonName: field.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()),
      number,
      label: repeated ? Label.REPEATED : Label.OPTIONAL,
      type: typeof type === 'string' ? Type.MESSAGE : type,
      ...(typeof type === 'string' ? { typeName: `.t.${type}` } : {}),
      ...(name === 'AnyValue' ? { oneofIndex: 0 } : {}),
    })),
  })),
});
const Request = createFileRegistry(file, () => undefined).getMessage('t.Request') as DescMessage;
const encode = (request: object): Uint8Array => toBinary(Request, create(Request, request as never));

const anyText = fc.string({ maxLength: 12, unit: 'grapheme' });
const attributeValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    anyText.map((value) => ({ value: { case: 'stringValue', value } })),
    fc.boolean().map((value) => ({ value: { case: 'boolValue', value } })),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => ({ value: { case: 'intValue', value } })),
    // Plus nought: JSON has no other one.
    fc.double({ noNaN: true }).map((value) => ({ value: { case: 'doubleValue', value: value + 0 } })),
    fc.uint8Array({ maxLength: 9 }).map((value) => ({ value: { case: 'bytesValue', value } })),
    fc.constant({}),
    fc.array(tie('value'), { maxLength: 3 }).map((values) => ({ value: { case: 'arrayValue', value: { values } } })),
    fc
      .array(fc.record({ key: anyText, value: tie('value') }), { maxLength: 3 })
      .map((values) => ({ value: { case: 'kvlistValue', value: { values } } })),
  ),
})).value;
const attributes = fc.array(fc.record({ key: anyText, value: attributeValue }), { maxLength: 4 });
const nano = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
const bytes = (n: number) => fc.oneof(fc.uint8Array({ minLength: n, maxLength: n }), fc.constant(new Uint8Array()));
const span = fc.record({
  traceId: bytes(16),
  spanId: bytes(8),
  parentSpanId: bytes(8),
  traceState: anyText,
  name: anyText,
  kind: fc.integer({ min: -5, max: 9 }),
  startTimeUnixNano: nano,
  endTimeUnixNano: nano,
  attributes,
  droppedAttributesCount: fc.nat(),
  events: fc.array(fc.record({ timeUnixNano: nano, name: anyText, attributes }), { maxLength: 2 }),
  links: fc.array(fc.record({ traceId: bytes(16), spanId: bytes(8), traceState: anyText, attributes }), {
    maxLength: 20,
  }),
  status: fc.option(fc.record({ message: anyText, code: fc.integer({ min: 0, max: 3 }) }), { nil: undefined }),
  flags: fc.nat(),
  fromTheFuture: anyText,
});
const request = fc.record({
  resourceSpans: fc.array(
    fc.record({
      scopeSpans: fc.array(
        fc.record({ spans: fc.array(span, { maxLength: 3 }), scope: fc.record({ name: anyText, version: anyText }) }),
        {
          maxLength: 2,
        },
      ),
      resource: fc.record({ attributes }),
    }),
    { maxLength: 2 },
  ),
});

// biome-ignore lint/suspicious/noExplicitAny: a generated message of the other reader
type Message = any;
const hex = (b: Uint8Array): string => Buffer.from(b).toString('hex');
const idOf = (b: Uint8Array) => (b.every((x) => x === 0) ? null : hex(b));
function plainValue(any: Message): unknown {
  const it = any?.value;
  switch (it?.case) {
    case 'intValue': {
      const number = Number(it.value);
      return Number.isSafeInteger(number) ? number : String(it.value);
    }
    case 'bytesValue':
      return hex(it.value);
    case 'arrayValue':
      return it.value.values.map(plainValue);
    case 'kvlistValue':
      return Object.assign(
        Object.create(null),
        Object.fromEntries(it.value.values.map((kv: Message) => [kv.key, plainValue(kv.value)])),
      );
    default:
      return it?.value ?? null;
  }
}
const plainAttributes = (list: Message[]) => new Map(list.map((kv) => [kv.key, plainValue(kv.value)]));
const ms = (n: bigint) => Number(n / 1_000n) / 1_000;

/** What protobuf-es reads, in our shape. */
function other(binary: Uint8Array): unknown[] {
  const read: Message = fromBinary(Request, binary);
  return read.resourceSpans.flatMap((rs: Message) =>
    rs.scopeSpans.flatMap((ss: Message) =>
      ss.spans.map((s: Message) => ({
        traceId: idOf(s.traceId),
        spanId: idOf(s.spanId),
        parentSpanId: idOf(s.parentSpanId),
        name: s.name,
        kind: s.kind,
        startMs: ms(s.startTimeUnixNano),
        endMs: ms(s.endTimeUnixNano),
        attributes: plainAttributes(s.attributes),
        events: s.events.map((e: Message) => ({ name: e.name, attributes: plainAttributes(e.attributes) })),
        links: s.links
          .slice(0, OTLP_LIMITS.links)
          .map((l: Message) => ({ traceId: idOf(l.traceId), spanId: idOf(l.spanId) })),
        statusCode: s.status?.code ?? 0,
        statusMessage: s.status?.message ?? '',
        resource: plainAttributes(rs.resource?.attributes ?? []),
        scopeName: ss.scope?.name ?? '',
        sampled: sampledShare(s.traceState),
      })),
    ),
  );
}

function read(binary: Uint8Array): OtlpReading {
  const reading = readOtlpProtobuf(binary);
  if (isRefusal(reading)) throw new Error(reading.why);
  return reading;
}

describe('the protobuf reader', () => {
  it('reads whatever protobuf-es writes as protobuf-es reads it, unknown fields skipped', () => {
    fc.assert(
      fc.property(request, (it) => {
        const binary = encode(it);
        expect(read(binary).spans).toEqual(other(binary));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a damaged request in words and never throws', () => {
    fc.assert(
      fc.property(request, fc.nat(), fc.nat(255), (it, where, byte) => {
        const binary = encode(it);
        if (binary.length === 0) return;
        const damaged = binary.slice();
        damaged[where % binary.length] = byte;
        const cut = binary.slice(0, where % binary.length);
        for (const tried of [damaged, cut]) {
          const reading = readOtlpProtobuf(tried);
          if (isRefusal(reading))
            expect(reading).toMatchObject({ refused: 'telemetry.unreadable', why: expect.stringContaining('OTLP') });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what is nested too deeply, before it can exhaust anything', () => {
    let value: object = { value: { case: 'boolValue', value: true } };
    for (let i = 0; i < OTLP_LIMITS.depth + 2; i++)
      value = { value: { case: 'arrayValue', value: { values: [value] } } };
    const deep = encode({ resourceSpans: [{ scopeSpans: [{ spans: [{ attributes: [{ key: 'deep', value }] }] }] }] });
    expect(readOtlpProtobuf(deep)).toMatchObject({ why: expect.stringContaining('nested deeper') });
  });

  it('leaves out spans beyond the limit, and says which', () => {
    const many = encode({
      resourceSpans: [{ scopeSpans: [{ spans: Array(OTLP_LIMITS.spans + 3).fill({ name: 'x' }) }] }],
    });
    const reading = read(many);
    expect(reading.spans).toHaveLength(OTLP_LIMITS.spans);
    expect(reading.leftOut).toBe(3);
    expect(reading.examples[0]?.path).toBe(`/resourceSpans/0/scopeSpans/0/spans/${OTLP_LIMITS.spans}`);
  });
});

describe('the JSON reader', () => {
  const json = (spans: unknown[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

  it('reads what the protobuf reader reads', () => {
    const jsonValue = (any: Message): object => {
      const it = any.value;
      if (it === undefined) return {};
      if (it.case === 'intValue') return { intValue: String(it.value) };
      if (it.case === 'bytesValue') return { bytesValue: Buffer.from(it.value).toString('base64') };
      if (it.case === 'arrayValue') return { arrayValue: { values: it.value.values.map(jsonValue) } };
      if (it.case === 'kvlistValue') return { kvlistValue: { values: it.value.values.map(jsonPair) } };
      if (it.case === 'doubleValue' && !Number.isFinite(it.value)) return { doubleValue: String(it.value) };
      return { [it.case]: it.value };
    };
    const jsonPair = (kv: Message): object => ({ key: kv.key, value: jsonValue(kv.value) });
    fc.assert(
      fc.property(request, (it) => {
        const asJson = {
          resourceSpans: it.resourceSpans.map((rs) => ({
            resource: { attributes: rs.resource.attributes.map(jsonPair) },
            scopeSpans: rs.scopeSpans.map((ss) => ({
              scope: ss.scope,
              spans: ss.spans.map((s) => ({
                ...s,
                traceId: hex(s.traceId),
                spanId: hex(s.spanId),
                parentSpanId: hex(s.parentSpanId),
                startTimeUnixNano: String(s.startTimeUnixNano),
                endTimeUnixNano: String(s.endTimeUnixNano),
                attributes: s.attributes.map(jsonPair),
                events: s.events.map((e) => ({ ...e, attributes: e.attributes.map(jsonPair) })),
                links: s.links.map((l) => ({ traceId: hex(l.traceId), spanId: hex(l.spanId) })),
              })),
            })),
          })),
        };
        const fromJson = readOtlpJson(
          JSON.parse(JSON.stringify(asJson, (_, v) => (typeof v === 'bigint' ? String(v) : v))),
        );
        expect(fromJson).toEqual(read(encode(it)));
      }),
      { numRuns: 200 },
    );
  });

  it('leaves a bad span out by name and keeps its neighbours', () => {
    const reading = readOtlpJson(
      json([
        { name: 'good' },
        { name: 7 },
        'no span',
        { attributes: [{ key: 'n', value: { intValue: 'seven' } }] },
        { name: 'also good' },
      ]),
    ) as OtlpReading;
    expect(reading.spans.map((s) => s.name)).toEqual(['good', 'also good']);
    expect(reading.examples).toEqual([
      { path: '/resourceSpans/0/scopeSpans/0/spans/1', why: '`name` is not text' },
      { path: '/resourceSpans/0/scopeSpans/0/spans/2', why: 'the span is not an object' },
      { path: '/resourceSpans/0/scopeSpans/0/spans/3', why: '`intValue` is not a whole number' },
    ]);
  });

  const TRACE = '5b8efff798038103d269b633813fc60c';
  const attribute = (value: unknown) => ({ attributes: [{ key: 'a', value }] });

  it.each<[string, object, object]>([
    [
      'ids in base64',
      { traceId: 'W47/95gDgQPSabYzgT/GDA==', spanId: '7uGbfsPBsXQ=' },
      { traceId: TRACE, spanId: 'eee19b7ec3c1b174' },
    ],
    ['ids in capitals', { traceId: TRACE.toUpperCase() }, { traceId: TRACE }],
    [
      'ids that are none, as they were sent',
      { traceId: 'Run-7B', spanId: 'Step_1' },
      { traceId: 'Run-7B', spanId: 'Step_1' },
    ],
    ['short names of kinds and codes', { kind: 'CLIENT', status: { code: 'Error' } }, { kind: 3, statusCode: 2 }],
    [
      'full names of kinds and codes',
      { kind: 'SPAN_KIND_SERVER', status: { code: 'STATUS_CODE_OK' } },
      { kind: 2, statusCode: 1 },
    ],
    ['unknown names of kinds and codes', { kind: 'sideways', status: { code: 'meh' } }, { kind: 0, statusCode: 0 }],
    ['numbers of kinds and codes as text', { kind: '4', status: { code: '2' } }, { kind: 4, statusCode: 2 }],
    [
      'a time that is none',
      { startTimeUnixNano: '2026-03-01T10:00:00Z', endTimeUnixNano: '' },
      { startMs: 0, endMs: 0 },
    ],
    [
      'a time in two halves',
      { startTimeUnixNano: { low: 658_505_728, high: 404_690_325, unsigned: true } },
      { startMs: 1_738_131_711_541.116 },
    ],
    [
      'a whole number in two halves',
      attribute({ intValue: { low: -1, high: -1, unsigned: false } }),
      { attributes: new Map([['a', -1]]) },
    ],
    ['truth as text', attribute({ boolValue: 'true' }), { attributes: new Map([['a', true]]) }],
    ['a plain text as a value', attribute('as it is'), { attributes: new Map([['a', 'as it is']]) }],
    ['a plain number as a value', attribute(0.5), { attributes: new Map([['a', 0.5]]) }],
  ])('reads %s', (_, sent, expected) => {
    const reading = readOtlpJson(json([{ name: 'a', ...sent }])) as OtlpReading;
    expect(reading.examples).toEqual([]);
    expect(reading.spans[0]).toMatchObject(expected);
  });

  it('takes anything without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
        readOtlpJson(a);
        readOtlpJson({ resourceSpans: a });
        readOtlpJson({
          resourceSpans: [
            { resource: a, scopeSpans: [{ scope: b, spans: [c, { attributes: a, status: b, events: c }] }] },
          ],
        });
      }),
    );
    expect(readOtlpJson({ resourceSpans: 7 })).toMatchObject({ refused: 'telemetry.unreadable' });
    expect(readOtlpJson(null)).toMatchObject({ refused: 'telemetry.unreadable' });
  });

  it('does not let a key reach a prototype', () => {
    const reading = readOtlpJson(
      json([
        {
          attributes: [
            {
              key: 'a',
              value: { kvlistValue: { values: [{ key: '__proto__', value: { stringValue: 'polluted' } }] } },
            },
          ],
        },
      ]),
    ) as OtlpReading;
    expect(reading.spans).toHaveLength(1);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
});

describe('the part a sampler keeps', () => {
  it.each([
    ['', null],
    ['vendor=x', null],
    ['ot=th:0', 1],
    ['ot=th:8', 0.5],
    ['rojo=1, ot=rv:6e6d1a75832a2f;th:c', 0.25],
    ['ot=th:e6666666666668', 0.1],
    ['ot=p:3;r:9', 0.125],
    ['ot=p:63', null],
    ['ot=th:zz', null],
    ['ot=th:ffffffffffffff0', null],
  ])('of the trace state “%s” is %s', (state, share) => {
    const read = sampledShare(state);
    if (share === null) expect(read).toBeNull();
    else expect(read).toBeCloseTo(share, 6);
  });
});
