export { Dependencies } from './Dependencies.tsx';
export {
  ARCHITECTURE_WORDS,
  AUTONOMY_WORDS,
  changeLines,
  keyFrom,
  LOGGING_WORDS,
  TYPE_WORDS,
  versionsLine,
} from './words.ts';
