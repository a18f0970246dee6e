export { PublicForm } from './PublicForm.tsx';
export { Reported } from './Reported.tsx';
export { UNVERIFIED } from './words.ts';
