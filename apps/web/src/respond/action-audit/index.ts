export { ActionAudit } from './ActionAudit.tsx';
