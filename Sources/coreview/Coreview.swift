@main
struct Coreview {
  static func main() {}
}
