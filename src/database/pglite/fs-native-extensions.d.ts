declare module "fs-native-extensions" {
  const fileLocks: { tryLock(fd: number): boolean };
  export default fileLocks;
}
