// Four workers take jobs from a queue; one job is broken, and its exception leaves the thread.
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace thumbs {
struct Size { int width, height; };

template <typename Pixel> class Image {
public:
  explicit Image(Size size) : size_(size), pixels_(std::size_t(size.width) * std::size_t(size.height)) {}
  template <typename Filter> Pixel fold(Filter &&filter) const {
    Pixel total{};
    for (const Pixel &pixel : pixels_) total = filter(total, pixel);
    return total;
  }
  Size size() const { return size_; }
private:
  Size size_;
  std::vector<Pixel> pixels_;
};

class Scaler {
public:
  virtual ~Scaler() = default;
  virtual int scale(const Image<int> &image, int factor) const = 0;
};

class BoxScaler final : public Scaler {
public:
  int scale(const Image<int> &image, int factor) const override {
    if (factor == 0) throw std::invalid_argument("a picture cannot be scaled by nothing");
    return image.fold([factor](int total, int pixel) { return total + pixel / factor; });
  }
};

struct Job { int number; Size size; int factor; };

class Queue {
public:
  void push(Job job) { std::lock_guard guard(lock_); jobs_.push_back(job); ready_.notify_one(); }
  Job pop() {
    std::unique_lock guard(lock_);
    ready_.wait(guard, [this] { return !jobs_.empty(); });
    Job job = jobs_.front();
    jobs_.pop_front();
    return job;
  }
private:
  std::mutex lock_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
};

static void work(Queue &queue, const Scaler &scaler) {
  for (;;) {
    Job job = queue.pop();
    Image<int> image(job.size);
    std::printf("%d: %d\n", job.number, scaler.scale(image, job.factor));
  }
}
} // namespace thumbs

int main() {
  thumbs::Queue queue;
  auto scaler = std::make_unique<thumbs::BoxScaler>();
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; i++) workers.emplace_back([&] { thumbs::work(queue, *scaler); });
  for (int i = 0; i < 8; i++) queue.push({i, {64, 48}, 4});
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  queue.push({8, {64, 48}, 0});
  for (auto &worker : workers) worker.join();
}
