export { changeLines, versionsLine } from './words.ts';
