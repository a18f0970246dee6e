import { describe, expect, it } from 'vitest';
import { maskedConfig, readConfig } from './config.ts';

describe('the configuration', () => {
  it('has good defaults and reads names of vendors', () => {
    const config = readConfig({
      FIREBREAK_GATEWAY_UPSTREAMS: 'spare=https://spare.example.test,local=http://127.0.0.1:1',
      FIREBREAK_GATEWAY_KEYS: 'spare=sk-secret',
    });
    expect(config).toMatchObject({
      port: 7373,
      gatewayPort: 7374,
      publicUrl: 'http://127.0.0.1:7373',
      gatewayUpstreams: {
        openai: 'https://api.openai.com',
        anthropic: 'https://api.anthropic.com',
        spare: 'https://spare.example.test',
        local: 'http://127.0.0.1:1',
      },
      gatewayKeys: { spare: 'sk-secret' },
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('lets webhooks into private networks only where they are named', () => {
    expect(readConfig({}).outboundPrivate).toEqual([]);
    const { outboundPrivate } = readConfig({ FIREBREAK_OUTBOUND_PRIVATE: ' 10.1.0.0/16, 192.168.4.20,fd00::/8 ,' });
    expect(outboundPrivate).toEqual(['10.1.0.0/16', '192.168.4.20', 'fd00::/8']);
    expect(Object.isFrozen(outboundPrivate)).toBe(true);
  });

  it('is printed without secrets', () => {
    const config = readConfig({
      FIREBREAK_DATABASE_URL: 'postgres://ana:hunter2@db.example.test/fb?password=hunter3',
      FIREBREAK_GATEWAY_KEYS: 'spare=sk-secret',
    });
    const printed = JSON.stringify(maskedConfig(config));
    expect(printed).toContain('postgres://ana:***@db.example.test/fb?password=***');
    expect(printed).not.toMatch(/hunter|sk-secret/);
  });

  it.each([
    [{ FIREBREAK_PORT: '99999' }, 'FIREBREAK_PORT'],
    [{ FIREBREAK_DATABASE_URL: 'mysql://x' }, 'must begin with postgres://'],
    [{ FIREBREAK_PROT: '1' }, 'FIREBREAK_PROT: there is no such setting'],
    [{ FIREBREAK_OUTBOUND_PRIVATE: 'intranet' }, 'write addresses or ranges'],
    [{ FIREBREAK_TRUSTED_PROXIES: 'the balancer' }, 'FIREBREAK_TRUSTED_PROXIES'],
    [{ FIREBREAK_OUTBOUND_PRIVATE: '10.0.0.0/33' }, 'FIREBREAK_OUTBOUND_PRIVATE'],
    [{ FIREBREAK_OUTBOUND_PRIVATE: '10.0.0.0/8/8' }, 'FIREBREAK_OUTBOUND_PRIVATE'],
    [{ FIREBREAK_OUTBOUND_PRIVATE: 'fd00::/129' }, 'FIREBREAK_OUTBOUND_PRIVATE'],
    [{ FIREBREAK_GATEWAY_UPSTREAMS: 'spare' }, 'write name=https://address'],
  ])('refuses %o and names it', (env, said) => expect(() => readConfig(env)).toThrow(said));
});
