import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { home, openWorld, type Someone, type World } from '@firebreak/world';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from './browser.ts';

export type Theme = 'light' | 'dark';
export interface Look {
  readonly width?: 1440 | 390;
  readonly theme?: Theme;
  /** Address to reach the server by, where it is not its own. */
  readonly url?: string;
}

/** A real server, a real browser, and pages of people who are signed in. */
export interface Stage {
  readonly world: World;
  readonly browser: Browser;
  /** A page of somebody's own browser; without a person, of a stranger. */
  page(who: Someone | null, look?: Look): Promise<Page>;
  close(): Promise<void>;
}

const open = new Set<Page>();

/** The words on the pages that are open, the latest page first: what a failed story saw. */
export async function onThePages(): Promise<string[]> {
  const texts = [...open].reverse().map((page) =>
    page
      .locator('body')
      // biome-ignore lint/performance/useDomNodeTextContent: what is hidden was not seen.
      .innerText({ timeout: 2_000 })
      .then((text) => `${new URL(page.url()).pathname}: ${text.replace(/\s+/g, ' ')}`)
      .catch((error) => String(error)),
  );
  return Promise.all(texts);
}

export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  await buildWeb();
  const world = await openWorld({ listen: true, env });
  const browser = await openBrowser();
  const contexts: BrowserContext[] = [];
  return {
    world,
    browser,
    async page(who, look = {}) {
      const context = await newContext(browser, look);
      contexts.push(context);
      const url = look.url ?? world.url;
      if (who) {
        const [name, value] = who.cookie.split('=') as [string, string];
        await context.addCookies([{ name, value, url }]);
      }
      const page = await context.newPage();
      open.add(page);
      page.on('close', () => open.delete(page));
      // Long, since it only bounds a hang: how fast a page is belongs to the bench.
      page.setDefaultTimeout(30_000);
      return page;
    },
    async close() {
      for (const context of contexts) await context.close();
      await browser.close();
      await world.close();
    },
  };
}

export function newContext(browser: Browser, { width = 1440, theme = 'light' }: Look): Promise<BrowserContext> {
  const phone = width === 390;
  return browser.newContext({
    viewport: { width, height: phone ? 844 : 900 },
    colorScheme: theme,
    isMobile: phone,
    hasTouch: phone,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
  });
}

/** Builds the web app once where nobody has. */
export async function buildWeb(): Promise<void> {
  if (existsSync(join(home, 'apps/web/dist/index.html'))) return;
  const { build } = await import('vite');
  await build({ configFile: join(home, 'apps/web/vite.config.ts'), logLevel: 'error' });
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const EVERYTHING = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** WCAG 2.2 A and AA and good practice, as axe finds it; or these rules only. Each finding names the rule and the first place. */
export async function findings(page: Page, rules: readonly string[] = EVERYTHING): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (tags) => {
    const { axe } = window as unknown as {
      axe: {
        run(
          root: Document,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(document, { runOnly: tags });
    return violations.map(({ id, nodes }) => `${id} at ${nodes[0]!.target.join(' ')}: ${nodes[0]!.failureSummary}`);
  }, rules);
}

/** How far the page reaches past its right edge, pixels. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const album = process.env.FIREBREAK_TEST_ALBUM ?? join(tmpdir(), 'firebreak-screens');

/** A picture for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(album, { recursive: true });
  await page.screenshot({ path: join(album, `${name}.png`) });
}
