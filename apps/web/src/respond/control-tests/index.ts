export { Readiness, TestNow } from './Readiness.tsx';
