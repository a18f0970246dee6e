export { Pack } from './Pack.tsx';
