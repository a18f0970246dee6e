import { expect, it } from 'vitest';
import { fileName } from './download.ts';

it.each([
  ['Stop it all!', 'bot-stop-it-all.capsule.json'],
  ['停止', 'bot.capsule.json'],
  ['../etc/passwd', 'bot-etc-passwd.capsule.json'],
])('a capsule called %s is kept as %s', (name, file) => {
  expect(fileName({ system: 'bot', name })).toBe(file);
});
