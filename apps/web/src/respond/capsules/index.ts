export { CapsuleList } from './CapsuleList.tsx';
