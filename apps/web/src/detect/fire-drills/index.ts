export { FireDrills } from './FireDrills.tsx';
