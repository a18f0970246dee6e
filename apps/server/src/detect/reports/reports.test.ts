import { candidates } from '@firebreak/contract/detect/candidates';
import { reports } from '@firebreak/contract/detect/reports';
import { type ReviewItem, reviews } from '@firebreak/contract/detect/reviews';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { records } from '@firebreak/contract/prepare/records';
import { openWorld, type World } from '@firebreak/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FORM = 'application/x-www-form-urlencoded';
type Id = ReviewItem['feedback']['id'];

describe('the public report form', () => {
  let world: World;
  /** A key, since sessions end within half a day. */
  let admin: Awaited<ReturnType<World['program']>>;
  let n = 0;
  beforeAll(async () => {
    world = await openWorld({ env: { FIREBREAK_TRUSTED_PROXIES: '127.0.0.1' } });
    admin = await world.program('admin');
    for (const key of ['bot', 'mailer'])
      await admin.call(inventory.register, { body: { key, name: `Secret name of ${key}`, type: 'generative' } });
  });
  afterAll(() => world.close());

  const address = () => `198.51.${++n}.7`;
  const post = (body: string, type: string, from = address(), path = '/report', headers = {}) =>
    world.send('POST', path, { headers: { 'content-type': type, 'x-forwarded-for': from, ...headers }, body });
  const json = (body: object, from?: string) => post(JSON.stringify(body), 'application/json', from);
  const form = (body: Record<string, string>, from?: string) => post(new URLSearchParams(body).toString(), FORM, from);
  const look = async (reference: string) =>
    (await post(JSON.stringify({ reference }), 'application/json', address(), '/report/status')).json();
  const queue = async (system?: string) =>
    (await admin.call(reviews.queue, { query: { ...(system && { system }), limit: 200 } })).items.filter(
      ({ feedback }) => feedback.kind === 'outside-report',
    );
  const said = async (text: string) => (await queue()).filter(({ feedback }) => feedback.text?.includes(text));
  const kept = async (text: string) =>
    (await world.server.deps.db.query('select 1 from feedback where data::text like $1', [`%${text}%`])).count;
  const set = (part: object) =>
    admin.call(reports.setForm, {
      body: { on: true, names: [], intro: '', organisation: '', ...part },
    });
  const problem = async (answer: Response) => ({ status: answer.status, ...(await answer.json()) });

  it('is a page without an account that runs nothing, and names no system unless somebody chose to', async () => {
    const read = async () => {
      const answer = await world.send('GET', '/report');
      return { answer, html: await answer.text() };
    };
    const { answer, html } = await read();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none';.*form-action 'self'/);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(html).toContain('<form method="post" action="/report"');
    expect(html).not.toMatch(/<script|Secret name|mailer|<select/);
    await set({
      names: [{ name: 'Chat <b>on</b> "our" site', system: 'bot' }],
      intro: 'Hello <i>you</i>.\n\nThanks.',
      organisation: 'help@bank.example',
    });
    const after = (await read()).html;
    expect(after).toContain('<option>Chat &#60;b&#62;on&#60;/b&#62; &#34;our&#34; site</option>');
    expect(after).toContain('<p>Hello &#60;i&#62;you&#60;/i&#62;.</p><p>Thanks.</p>');
    expect(after).toContain('help@bank.example');
    expect(after).not.toMatch(/Secret name|mailer|>bot</);
    await set({});
  });

  it('keeps a report from a page as feedback that waits for a person, a weak signal of Sev 2, and answers with a reference', async () => {
    await set({ names: [{ name: 'Chat', system: 'bot', feature: 'answers' }] });
    const answer = await form({
      what: 'It invented a fee\u0000\u202e of 3 euros',
      quote: 'A fee of 3 euros is due.',
      product: 'Chat',
      otherProduct: 'ignored',
      link: 'https://chat.example/1',
      when: 'today about nine',
      harm: 'yes',
      contact: 'rosa@people.example',
      mayWrite: 'yes',
      website: '',
    });
    const html = await answer.text();
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(html).toContain('A person looks at it within 24 hours.');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(html).not.toMatch(/invented|rosa|Chat/);
    const [reference] = /([0-9A-Z]{4}-){4}[0-9A-Z]{4}/.exec(html)!;
    // Before anybody has looked at anything: it is there.
    const [item] = await said('invented a fee');
    expect(item).toMatchObject({
      urgency: 'danger',
      feedback: {
        system: 'bot',
        feature: 'answers',
        kind: 'outside-report',
        text: 'It invented a fee of 3 euros\n\nIt answered: “A fee of 3 euros is due.”',
        report: { harm: 'yes', product: 'Chat', link: 'https://chat.example/1', when: 'today about nine' },
        subject: null,
      },
    });
    expect(JSON.stringify(item)).not.toContain('rosa');
    await world.settle();
    const { items } = await admin.call(signals.listSignals, { query: { system: 'bot', channel: 'feedback' } });
    expect(items).toMatchObject([{ kind: 'outside-report', evidenceClass: 'weak', severityHint: 2 }]);
    // One is enough to be looked at, and wakes nobody.
    const { items: opened } = await admin.call(candidates.listCandidates, { query: { system: 'bot' } });
    expect(opened).toMatchObject([{ id: items[0]!.candidate, state: 'forming' }]);
    expect(await look(reference!.toLowerCase())).toEqual({
      state: 'received',
      receivedAt: world.now(),
      answer: null,
    });
    const shown = await admin.call(reports.show, { params: { feedback: item!.feedback.id } });
    expect(shown).toMatchObject({ times: 1, contacts: [{ contact: 'rosa@people.example', at: world.now() }] });
  });

  it('answers a program with JSON, takes unsure for Sev 2, and keeps no address without consent', async () => {
    const answer = await json({ what: 'It told me to pay twice', contact: 'eve@people.example' });
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({
      reference: expect.stringMatching(/^[0-9A-Z-]{24}$/),
      state: 'received',
      contactKept: false,
      promisedHours: 24,
    });
    const [item] = await said('pay twice');
    expect(item!.feedback).toMatchObject({ system: 'unnamed', report: { harm: 'unsure', product: null } });
    expect(item!.urgency).toBe('ticket');
    expect((await admin.call(reports.show, { params: { feedback: item!.feedback.id } })).contacts).toEqual([]);
    const { count } = await world.server.deps.db.query("select 1 from report_reference where contact like 'eve%'");
    expect(count).toBe(0);
    await world.settle();
    await json({ what: 'It was slow, nothing else', harm: 'no', product: 'Some other place' });
    await world.settle();
    const { items } = await admin.call(signals.listSignals, { query: { system: 'unnamed' } });
    expect(items.map(({ text, severityHint }) => [text, severityHint])).toEqual([
      ['It was slow, nothing else', null],
      ['It told me to pay twice', 2],
    ]);
    expect((await said('slow, nothing'))[0]!.feedback.report!.product).toBe('Some other place');
  });

  it('says how far it is to whoever holds the reference, and shows the answer, corrected or not', async () => {
    const { reference } = await (await json({ what: 'It said my visa is not needed' })).json();
    const [{ feedback }] = (await said('my visa')) as [ReviewItem];
    const params = { feedback: feedback.id };
    await admin.call(reviews.take, { params });
    expect(await look(reference)).toMatchObject({ state: 'looked-at', answer: null });
    await admin.call(reviews.decide, { body: { feedback: [feedback.id], as: 'confirmed', reason: 'inner reasons' } });
    expect(JSON.stringify(await look(reference))).not.toContain('inner reasons');
    expect((await look(reference)).state).toBe('looked-at');
    await admin.call(reports.answer, { params, body: { text: 'We fixd <it>.' } });
    const last = await admin.call(reports.answer, { params, body: { text: 'We fixed <it>.' } });
    expect(last).toMatchObject({ state: 'answered', answer: { text: 'We fixed <it>.' } });
    expect(await look(reference)).toMatchObject({ state: 'answered', answer: { text: 'We fixed <it>.' } });
    const html = await (await post(`reference=${reference}`, FORM, address(), '/report/status')).text();
    expect(html).toContain('We fixed &#60;it&#62;.');
    // Once confirmed it is strong.
    const { items } = await admin.call(signals.listSignals, { query: { system: 'unnamed' } });
    expect(items.find(({ kind }) => kind === 'confirmed-feedback')).toMatchObject({
      evidenceClass: 'strong',
      severityHint: 2,
    });
    const wrong = await post(
      '{"reference":"0000-0000-0000-0000-0000"}',
      'application/json',
      address(),
      '/report/status',
    );
    expect(await problem(wrong)).toMatchObject({ status: 404, type: '/problems/report.unknown' });
    await expect(admin.call(reports.show, { params: { feedback: 'fbk_none' as Id } })).rejects.toMatchObject({
      code: 'report.unknown',
    });
  });

  it('is one report however often the same words come, each with a reference of its own', async () => {
    const same = { what: 'Told me to drink bleach, the same words', mayWrite: true };
    const one = await (await json({ ...same, contact: 'a@people.example' })).json();
    const two = await (await form({ ...same, mayWrite: 'yes', contact: 'b@people.example' })).json().catch(() => null);
    expect(two).toBeNull();
    const three = await (await json(same)).json();
    expect(three.reference).not.toBe(one.reference);
    const found = await said('drink bleach');
    expect(found).toHaveLength(1);
    const params = { feedback: found[0]!.feedback.id };
    const shown = await admin.call(reports.show, { params });
    expect(shown.times).toBe(3);
    expect(shown.contacts.map(({ contact }) => contact).sort()).toEqual(['a@people.example', 'b@people.example']);
    await admin.call(reports.answer, { params, body: { text: 'Do not.' } });
    for (const { reference } of [one, three]) expect((await look(reference)).state).toBe('answered');
    await json({ ...same, harm: 'yes' });
    expect(await said('drink bleach')).toHaveLength(2);
  });

  it('takes out what the rule of the system names, and of no known system what any rule names', async () => {
    await set({ names: [{ name: 'Mail', system: 'mailer' }] });
    const rule = (system: string, takesOut: 'EMAIL_ADDRESS'[]) =>
      admin.call(records.rule, { params: { system }, body: { reason: 'Our rule', takesOut } });
    await rule('mailer', ['EMAIL_ADDRESS']);
    const texts = {
      what: 'It showed jo@customer.example',
      quote: 'Ask max@customer.example',
      link: 'https://x.example/?to=eva@customer.example',
      when: 'when bo@customer.example wrote',
    };
    const product = (it: string) => ({ ...texts, product: it });
    await json(product('mail'));
    await json(product('the mail of lu@customer.example'));
    await set({ names: [{ name: 'Bot', system: 'bot' }] });
    await json(product('Bot'));
    const all = await world.server.deps.db.query<{ system: string; data: unknown }>(
      "select system, data from feedback where data::text like '%It showed%' order by system",
    );
    expect(all.rows.map(({ system, data }) => [system, /@customer/.test(JSON.stringify(data))])).toEqual([
      ['bot', true],
      ['mailer', false],
      ['unnamed', false],
    ]);
    const [item] = await queue('mailer');
    expect(item!.feedback).toMatchObject({
      text: 'It showed [EMAIL_ADDRESS taken out]\n\nIt answered: “Ask [EMAIL_ADDRESS taken out]”',
      report: { link: expect.stringContaining('[EMAIL_ADDRESS taken out]') },
    });
    await rule('mailer', []);
  });

  it('refuses what is no report, and repeats nothing of it', async () => {
    const bad = async (answer: Response, status: number, code: string) => {
      expect(await problem(answer)).toMatchObject({ status, type: `/problems/${code}` });
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    };
    await bad(await json({}), 400, 'request.invalid');
    await bad(await json({ what: '\u202e \u200b' }), 400, 'request.invalid');
    await bad(await json({ what: 'x'.repeat(4_001) }), 400, 'request.invalid');
    await bad(await json({ what: 'x', contact: 'nobody' }), 400, 'request.invalid');
    await bad(await json({ what: 'x', website: 'https://spam.example' }), 400, 'request.invalid');
    await bad(await post('{"what":', 'application/json'), 400, 'request.not-json');
    await bad(await post('[]', 'application/json'), 400, 'request.invalid');
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml'])
      await bad(await post('what=x', type), 415, 'request.media-type');
    await bad(await post(JSON.stringify({ what: 'x'.repeat(100_000) }), 'application/json'), 413, 'request.too-large');
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    await bad(await post('what=x', FORM, address(), '/report', foreign), 403, 'request.cross-site');

    const page = async (answer: Response, status: number) => {
      const html = await answer.text();
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8']);
      expect(html).not.toContain('evil');
      return /role="alert">([^<]*)</.exec(html)![1];
    };
    const said400 = async (it: Record<string, string>) => page(await form(it), 400);
    expect(await said400({ quote: '<script>evil</script>' })).toBe('“What happened” is missing.');
    expect(await said400({ what: 'x', link: 'x'.repeat(501) })).toBe('“A link to it” is too long. Make it shorter.');
    expect(await said400({ what: 'x', contact: '"><script>evil' })).toBe(
      '“Your e-mail address” is not an address: write it like name@example.com.',
    );
    expect(await said400({ what: 'x', website: 'evil' })).toBe('Leave the field “website” empty.');
    expect(await page(await form({ what: `evil${'x'.repeat(100_000)}` }), 413)).toBe(
      'The report is too long. Make it shorter.',
    );
    await page(await post('reference=evil', FORM, address(), '/report/status'), 404);
    expect(await kept('evil')).toBe(0);
  });

  it('takes every text at its longest, in any script, from a page', async () => {
    const long = { what: '你'.repeat(4_000), quote: '好'.repeat(2_000), otherProduct: 'ы'.repeat(200) };
    expect((await form({ ...long, when: 'ы'.repeat(200), link: 'ы'.repeat(500) })).status).toBe(201);
  });

  it('lets a reference be looked at thirty times in ten minutes', async () => {
    const from = address();
    const guess = () => post('reference=0', FORM, from, '/report/status');
    for (let i = 0; i < 30; i++) expect((await guess()).status).toBe(404);
    const answer = await guess();
    expect(answer.status).toBe(429);
    await world.advance('11m');
    expect((await guess()).status).toBe(404);
  });

  it('is switched off and on by an administrator, as a fact, and then takes nothing', async () => {
    const lead = await world.person('Lea Berg', ['lead']);
    const off = { on: false, names: [], intro: '', organisation: 'Call 112 233' };
    await expect(lead.client.call(reports.setForm, { body: off })).rejects.toMatchObject({ code: 'authority.missing' });
    await admin.call(reports.setForm, { body: off });
    expect(await lead.client.call(reports.form, {})).toEqual(off);
    const page = await world.send('GET', '/report');
    expect(page.status).toBe(404);
    const html = await page.text();
    expect(html).toContain('Call 112 233');
    expect(html).not.toContain('<form');
    expect(await problem(await json({ what: 'while it is off' }))).toMatchObject({
      status: 404,
      type: '/problems/report.off',
    });
    expect((await form({ what: 'while it is off' })).status).toBe(404);
    expect(await kept('while it is off')).toBe(0);
    await expect(
      set({
        names: [
          { name: 'A', system: 'bot' },
          { name: 'a', system: 'mailer' },
        ],
      }),
    ).rejects.toMatchObject({ code: 'report.name-twice', status: 422 });
    await expect(set({ names: [{ name: 'A', system: 'nobody' }] })).rejects.toMatchObject({ code: 'system.unknown' });
    await set({});
    await set({});
    const facts = await world.server.deps.db.query<{ by: { id: string }; data: { on: boolean } }>(
      "select by, data from fact where type = 'report-form.set' order by seq desc limit 2",
    );
    expect(facts.rows.map(({ data }) => data.on)).toEqual([true, false]);
    expect((await world.send('GET', '/report')).status).toBe(200);
  });

  it('names nobody who is signed in, and shows contacts only to those who judge', async () => {
    const viewer = await world.person('Vera Holm', ['viewer']);
    const answer = await post(
      JSON.stringify({ what: 'from a signed-in person', contact: 'v@people.example', mayWrite: true }),
      'application/json',
      address(),
      '/report',
      { cookie: viewer.cookie, 'sec-fetch-site': 'same-origin' },
    );
    expect(answer.status).toBe(201);
    const [{ feedback }] = (await said('from a signed-in person')) as [ReviewItem];
    const everything = await world.server.deps.db.query<{ text: string }>(
      "select data::text || coalesce(refers, '') as text from feedback where id = $1",
      [feedback.id],
    );
    expect(everything.rows[0]!.text).not.toMatch(/Vera|vera|usr_/);
    const params = { feedback: feedback.id };
    await expect(viewer.client.call(reports.show, { params })).rejects.toMatchObject({ code: 'authority.missing' });
    await expect(viewer.client.call(reports.answer, { params, body: { text: 'x' } })).rejects.toMatchObject({
      code: 'authority.missing',
    });
    const { items } = await viewer.client.call(signals.listFeedback, { query: { kind: 'outside-report', limit: 200 } });
    expect(items.some(({ id }) => id === feedback.id)).toBe(true);
    expect(JSON.stringify(items)).not.toContain('people.example');
  });

  it('cannot be made by a sender of feedback', async () => {
    const sender = await world.program('feedback:write');
    await expect(
      sender.call(signals.sendFeedback, { body: { system: 'bot', kind: 'outside-report' as 'comment', text: 'x' } }),
    ).rejects.toMatchObject({ code: 'telemetry.batch-refused' });
  });

  it('is kept with its reference or not at all', async () => {
    const { db } = world.server.deps;
    await db.query("alter table report_reference add constraint no_more check (feedback = '') not valid");
    expect((await json({ what: 'half of it' })).status).toBe(500);
    await db.query('alter table report_reference drop constraint no_more');
    expect(await kept('half of it')).toBe(0);
    expect((await json({ what: 'half of it' })).status).toBe(201);
    expect(await said('half of it')).toHaveLength(1);
  });

  it('takes ten an hour from an address, forty from its neighbourhood, and says when to come again', async () => {
    const send = async (from: string) => (await json({ what: `flood from ${from} ${++n}` }, from)).status;
    const many = async (times: number, from: (i: number) => string) => {
      const statuses = [];
      for (let i = 0; i < times; i++) statuses.push(await send(from(i)));
      return statuses.filter((status) => status === 201).length;
    };
    // A client may say what it likes before the proxy adds what it sees: the last one counts.
    expect(await many(12, (i) => `10.9.${i}.1, 203.0.113.1`)).toBe(10);
    const answer = await form({ what: 'one too many' }, '203.0.113.1');
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(await answer.text()).toContain('Send it again later');
    expect(await send('203.0.113.2')).toBe(201);
    expect(await many(35, (i) => `203.0.113.${10 + i}`)).toBe(29);
    // An IPv6 subscriber has a whole /64, and often a /48.
    expect(await many(12, (i) => `2001:db8:1:2::${i + 1}`)).toBe(10);
    expect(await many(32, (i) => `2001:db8:1:${i + 3}::1`)).toBe(30);
    expect(await problem(await json({ what: 'x' }, '2001:db8:1:99::1'))).toMatchObject({
      status: 429,
      type: '/problems/report.too-many',
    });
    await world.advance('61m');
    expect(await send('203.0.113.1')).toBe(201);
    expect(await send('2001:db8:1:2::1')).toBe(201);
  });

  it('takes two hundred an hour from everybody, and keeps the rest out of the queue', async () => {
    await world.advance('61m');
    let taken = 0;
    for (let i = 0; i < 205; i++) if ((await json({ what: `crowd ${i}` })).status === 201) taken++;
    expect(taken).toBe(200);
    const answer = await json({ what: 'crowd, too many' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect([await kept('too many'), await kept('crowd 199'), await kept('crowd 200')]).toEqual([0, 1, 0]);
    await world.advance('61m');
    expect((await json({ what: 'crowd, later' })).status).toBe(201);
  });

  it('goes with the records of its system, contact and reference too, and stays under a legal hold', async () => {
    await set({
      names: [
        { name: 'Bot', system: 'bot' },
        { name: 'Mail', system: 'mailer' },
      ],
    });
    const send = async (product: string) =>
      (
        await (
          await json({ what: `to be deleted: ${product}`, product, contact: 'old@people.example', mayWrite: true })
        ).json()
      ).reference as string;
    const [gone, held] = [await send('Bot'), await send('Mail')];
    await admin.call(records.hold, { params: { system: 'mailer' }, body: { reason: 'A claim' } });
    await world.advance('31d');
    await world.settle();
    const found = async (reference: string) =>
      (await post(JSON.stringify({ reference }), 'application/json', address(), '/report/status')).status;
    expect([await found(gone), await found(held)]).toEqual([404, 200]);
    const contacts = await world.server.deps.db.query(
      "select 1 from report_reference where contact = 'old@people.example'",
    );
    expect(contacts.count).toBe(1);
  });
});
