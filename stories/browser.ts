import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const LIBRARY = ['/usr/lib', '/usr/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];

/** Why no browser can run here, or null. The stories say so plainly instead of passing. */
function whyNoBrowser(): string | null {
  if (INSTALLED.some(existsSync)) return null;
  if (process.platform !== 'linux') return 'no Chromium is installed, and the packaged one runs on Linux only';
  return null;
}

/**
 * The installed Chromium, else the one that comes with the development dependencies and needs nothing but Node.
 * `FIREBREAK_TEST_BROWSER=packaged` asks for the latter.
 */
export async function openBrowser(): Promise<Browser> {
  const why = whyNoBrowser();
  if (why) throw new Error(`The stories need a browser: ${why}.`);
  const installed = process.env.FIREBREAK_TEST_BROWSER === 'packaged' ? undefined : INSTALLED.find(existsSync);
  if (installed) return chromium.launch({ executablePath: installed, args: FLAGS });
  const packaged = await import('@sparticuz/chromium');
  const executablePath = await packaged.default.executablePath();
  return chromium.launch({
    executablePath,
    args: [...FLAGS, '--no-zygote', '--headless', '--font-render-hinting=none'],
    env: { ...process.env, ...(await librariesFor(packaged.inflate)) },
  });
}

/** The packaged Chromium brings the few libraries, and the fonts, that a bare machine lacks. */
async function librariesFor(inflate: (file: string) => Promise<string>): Promise<Record<string, string>> {
  const fonts: Record<string, string> = existsSync('/etc/fonts/fonts.conf')
    ? {}
    : { FONTCONFIG_PATH: join(tmpdir(), 'fonts') };
  if (LIBRARY.some((folder) => existsSync(join(folder, 'libnss3.so')))) return fonts;
  const door = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const unpacked = await inflate(join(dirname(door), '../../bin/al2023.tar.br'));
  return { ...fonts, LD_LIBRARY_PATH: [join(unpacked, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') };
}
