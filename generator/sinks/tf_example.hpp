#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace orrery {

/// A tf.train.Example, in protocol buffers' wire form, keys in alphabetical order:
///   Example  { Features features = 1; }
///   Features { map<string, Feature> feature = 1; }
///   Feature  { oneof { BytesList bytes_list = 1; FloatList float_list = 2;
///                      Int64List int64_list = 3; } }
///   each list { repeated value = 1; } — numbers packed
/// Source: tensorflow/core/example/{example,feature}.proto.
class TfExample {
 public:
  void bytes(const std::string& key, const std::vector<std::string>& values);
  void floats(const std::string& key, const std::vector<float>& values);
  void integers(const std::string& key, const std::vector<std::int64_t>& values);
  std::string encoded() const;

 private:
  std::map<std::string, std::string> features_;  ///< encoded Features by key
};

/// One record of a TFRecord file: the length as eight bytes, little endian, their masked CRC-32C,
/// the content, and its masked CRC-32C. Source: tensorflow/core/lib/io/record_writer.cc.
std::string tf_record(std::string_view content);

}  // namespace orrery
