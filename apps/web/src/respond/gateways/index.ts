export { GatewayList } from './GatewayList.tsx';
