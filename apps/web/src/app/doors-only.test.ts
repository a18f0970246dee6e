import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst, transformWithOxc } from 'vite';
import { describe, expect, it } from 'vitest';
import { doorsOf } from '../../doors-only.ts';

const contract = join(import.meta.dirname, '../../../../packages/contract/src');
const small = (code: string) => doorsOf(code, parseAst(code)).replace(/\s+/g, ' ').trim();

describe('what of the contract travels to a browser', () => {
  it('keeps methods, paths and plain values, and drops what judges', () => {
    expect(
      small(`
        export const RANGES = ['1h', '1d'];
        const Row = z.object({ id: id('mon'), range: z.enum(RANGES) }).meta({ id: 'Row' });
        const params = id('mon');
        export const rows = {
          list: endpoint({ method: 'GET', path: '/rows', summary: 'All', may: 'read', answer: z.array(Row.extend({ a: z.int() })) }),
          keep: endpoint({ ...put, path: '/rows/:row', body: Row }),
        };`),
    ).toBe(
      "export const RANGES = ['1h', '1d']; const Row = z; const params = /* @__PURE__ */ id('mon'); " +
        "export const rows = { list: ({ method: 'GET', path: '/rows' }), keep: ({ ...put, path: '/rows/:row' }), };",
    );
  });
  it('refuses a door it cannot read', () => {
    expect(() => small('const a = endpoint(other);')).toThrow('This door is no plain object: endpoint(other)');
  });
  it('keeps every door of the contract and no schema', async () => {
    const files = readdirSync(contract, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /^(detect|prepare|prove|respond)\/.*(?<!\.test)\.ts$/.test(name),
    );
    let doors = 0;
    for (const name of files) {
      const { code } = await transformWithOxc(readFileSync(join(contract, name), 'utf8'), name, { lang: 'ts' });
      const kept = doorsOf(code, parseAst(code));
      const here = code.split(' endpoint({').length - 1;
      expect(kept.match(/\(\{ (method: "[A-Z]+"|\.\.\.\w+), path: ["`]\/[^"`]*["`] \}\)/g)?.length ?? 0, name).toBe(
        here,
      );
      expect(kept, name).not.toMatch(/\bz\.\w|\brefusals: /);
      doors += here;
    }
    expect(doors).toBeGreaterThan(200);
  });
});
