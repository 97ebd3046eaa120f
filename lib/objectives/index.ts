export * from './objectives';
