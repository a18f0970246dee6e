export { ActsFor } from './ActsFor.tsx';
export { SwitchesOf } from './SwitchesOf.tsx';
