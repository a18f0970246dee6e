#!/usr/bin/env node
// `npx firebreak …`
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root } from './build.mjs';

if (!existsSync(join(root, 'dist/app/firebreak.js'))) await build({ app: true });
await import(new URL('dist/app/firebreak.js', pathToFileURL(root)));
