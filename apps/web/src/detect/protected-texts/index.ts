export { MustNotComeOut } from './MustNotComeOut.tsx';
