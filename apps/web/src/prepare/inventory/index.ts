export { Dependencies } from './Dependencies.tsx';
export { changeLines, versionsLine } from './words.ts';
