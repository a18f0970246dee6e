export { LateReports } from './LateReports.tsx';
